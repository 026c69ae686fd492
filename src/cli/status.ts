import { Command, oneLine, print, printFailure, SaidAlready } from "../base/native.ts";
import { agoText, examples, printJson, printTable } from "./output.ts";

/** `status` */
export function statusCommand(): Command {
  return new Command("status")
    .description("say whether a Host runs, and how its pods are; exit code 1 where none does")
    .option("--json", "print it as JSON; running is true or false")
    .addHelpText("after", examples("status", "status --json"))
    .action(async ({ json }: { json?: true }) => {
      const { runningHost } = await import("./host_client.ts");
      const host = await runningHost();
      if (host === undefined) {
        if (json) printJson({ running: false });
        else printFailure("no Host is running: start one with `gemmapod start`");
        throw new SaidAlready();
      }
      const [info, pods] = await Promise.all([host.info(), host.pods()]);
      const { port, url } = host;
      if (json) return printJson({ running: true, ...info, port, url, pods });
      const age = agoText(Date.parse(info.startedAt));
      print(`the Host runs: process ${info.pid}, ${url}, version ${info.version}, up for ${age}`);
      if (pods.length === 0) return print("it serves no pod: `gemmapod run <pod>` gives it one");
      printTable(
        ["POD", "STATUS", "BROKER", "VISITORS", "MODEL"],
        pods.map(({ id, status, signalState, peers, model }) => [
          id,
          status,
          signalState.replace("_", " "),
          `${peers}`,
          model ?? "",
        ]),
      );
      for (const { id, lastError, signalLastError } of pods) {
        const wrong = lastError ?? signalLastError;
        if (wrong !== null) print(`${oneLine(id)}: ${oneLine(wrong)}`);
      }
    });
}
