import { CodedError, errorMessage } from "../../base/mod.ts";
import { oneLine, print, warn } from "../../base/native.ts";
import { printJson } from "../output.ts";
import { chooseManager } from "./choose_manager.ts";
import { installed } from "./installed.ts";
import type { ServiceManager } from "./manager.ts";
import { type RunTool, runTool } from "./run_tool.ts";

/** `gemmapod service uninstall` */
export async function uninstall({ json }: { json?: true }): Promise<void> {
  const manager = chooseManager();
  const { removed, stopped } = await uninstallWith(manager);
  const { kind, path } = manager;
  if (json) return printJson({ kind, path, removed });
  if (!removed) return print("no service is installed");
  const done = stopped ? "stopped the service and removed" : "removed";
  print(`${done} ${oneLine(path)}; pods and conversations stay`);
}

/**
 * Stops a service and removes its file; where there is none, nothing is done.
 *
 * Rejects with {@linkcode CodedError} `not_ours` for somebody else's file.
 */
export async function uninstallWith(
  manager: ServiceManager,
  run: RunTool = runTool,
): Promise<{ removed: boolean; stopped: boolean }> {
  const { path } = manager;
  const before = await installed(path);
  if (before.kind === "none") return { removed: false, stopped: false };
  if (before.kind === "foreign") {
    throw new CodedError(
      "not_ours",
      `Cannot remove ${path}: \`gemmapod service install\` has not written it`,
    );
  }
  // Where the manager is gone, its file goes all the same.
  const stopped = await manager.stop(run).then(() => true, (error) => {
    warn(errorMessage(error));
    return false;
  });
  await Deno.remove(path);
  await manager.forget(run).catch((error) => warn(errorMessage(error)));
  return { removed: true, stopped };
}
