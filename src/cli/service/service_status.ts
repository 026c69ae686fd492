import { oneLine, print, printFailure, SaidAlready } from "../../base/native.ts";
import { printJson } from "../output.ts";
import { chooseManager } from "./choose_manager.ts";
import { installed } from "./installed.ts";
import { runTool } from "./run_tool.ts";

/** `gemmapod service status`. Rejects with `SaidAlready` where it is not installed or does not run. */
export async function serviceStatus({ json }: { json?: true }): Promise<void> {
  const manager = chooseManager();
  const { kind, path, log } = manager;
  const file = (await installed(path)).kind;
  const { running, pid } = file === "ours" ? await manager.state(runTool) : { running: "no" };
  const isWell = file === "ours" && running === "yes";
  if (json) {
    printJson({ kind, path, installed: file === "ours", running, pid: pid ?? null });
    if (!isWell) throw new SaidAlready();
    return;
  }
  if (file === "none") {
    printFailure("no service is installed: `gemmapod service install` installs one");
  } else if (file === "foreign") {
    printFailure(`${oneLine(path)} is there, and not of \`gemmapod service install\``);
  } else if (running === "yes") {
    print(`the service runs${pid === undefined ? "" : `: process ${pid}`}`);
    print(`its file: ${oneLine(path)}`);
    print(`its log: ${oneLine(log)}`);
  } else {
    printFailure(
      running === "no"
        ? `the service is installed and does not run; its log: ${log}`
        : `the service is installed (${path}); ${kind} cannot be asked how it is`,
    );
  }
  if (!isWell) throw new SaidAlready();
}
