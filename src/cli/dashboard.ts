import { Command, print } from "../base/native.ts";
import { examples, isInteractive, printJson } from "./output.ts";

/** What the command line gives. */
interface DashboardOptions {
  open: boolean;
  json?: true;
}

/** `dashboard` */
export function dashboardCommand(): Command {
  return new Command("dashboard")
    .description("open the dashboard of the running Host")
    .option("--no-open", "only print its address")
    .option("--json", "only print its address, as JSON")
    .addHelpText("after", examples("dashboard"))
    .action(async ({ open, json }: DashboardOptions) => {
      const [{ CodedError }, { connectHost }] = await Promise.all([
        import("../base/mod.ts"),
        import("./host_client.ts"),
      ]);
      const host = await connectHost();
      if (!await host.hasDashboard()) {
        throw new CodedError(
          "headless",
          "the running Host is headless: `gemmapod stop` it, and start it without --headless",
        );
      }
      const { url } = host;
      if (json) return printJson({ url });
      print(url);
      if (!open || !isInteractive()) return;
      const { openInBrowser } = await import("./open_in_browser.ts");
      if (!await openInBrowser(url)) print("no browser could be opened here: open it yourself");
    });
}
