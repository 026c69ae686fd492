import { CodedError, errorMessage } from "../../base/mod.ts";
import { Command, green, oneLine, print, SaidAlready } from "../../base/native.ts";
import type { VerifiedPage } from "../verify_page.ts";
import { bytesText, example } from "./output.ts";

/** What the command line gives. */
interface VerifyOptions {
  json?: true;
}

/** `verify FILE` */
export function verifyCommand(): Command {
  return new Command("verify")
    .description("check a packed page: who signed it, for which pod, what it may do")
    .argument("<file>", "the page")
    .option("--json", "print it as JSON; ok is true or false")
    .addHelpText("after", example("verify my-pod.html"))
    .action(async (file: string, { json }: VerifyOptions) => {
      const { verifyPage } = await import("../verify_page.ts"); // once it is called for
      if (json) await printVerdict(file, verifyPage(file));
      else printPage(file, await verifyPage(file));
    });
}

async function printVerdict(file: string, page: Promise<VerifiedPage>): Promise<void> {
  try {
    print(JSON.stringify({ ok: true, file, ...await page }, null, 2));
  } catch (error) {
    const code = error instanceof CodedError ? error.code : "unreadable";
    print(JSON.stringify({ ok: false, file, code, reason: errorMessage(error) }, null, 2));
    throw new SaidAlready();
  }
}

/** All of it was written by a stranger. */
function printPage(file: string, page: VerifiedPage): void {
  const { name, podId, ownerPubkey, model, tools, hosts, hasBrowserModel, bytes } = page;
  print(`${green("holds")} ${oneLine(file)}, ${bytesText(bytes)}`);
  print(`name       ${oneLine(name)}`);
  print(`pod id     ${oneLine(podId)}`);
  print(`signed by  ${oneLine(ownerPubkey)}`);
  print(`model      ${oneLine(model ?? "its Host's choice")}`);
  print(`tools      ${oneLine(tools.join(", ") || "none")}`);
  print(`contacts   ${oneLine(hosts.join(", ") || "nobody")}`);
  if (hasBrowserModel) print("offers     a model in the visitor's browser, downloaded at a click");
}
