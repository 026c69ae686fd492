import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { CodedError, errorMessage } from "../../base/mod.ts";
import { oneLine, print, writeFileAtomic } from "../../base/native.ts";
import { pm2File, type ServiceProgram } from "../../host/native.ts";
import { runningHost } from "../host_client.ts";
import { hostLogPath } from "../host_log.ts";
import { printJson } from "../output.ts";
import { chooseManager } from "./choose_manager.ts";
import { installed } from "./installed.ts";
import type { ManagerKind, ServiceManager } from "./manager.ts";
import { type RunTool, runTool } from "./run_tool.ts";

/** What `gemmapod service install` is told. */
export interface InstallOptions {
  print?: true;
  for?: ManagerKind | "pm2";
  /** False with `--no-start`. */
  start: boolean;
  json?: true;
}

/** The service's file is open to read, as its manager wants it: no secret is in it. */
const FILE_MODE = 0o644;

/** `gemmapod service install` */
export async function install(program: ServiceProgram, options: InstallOptions): Promise<void> {
  const { json } = options;
  if (options.for === "pm2") return show("pm2", pm2File(program), json);
  const manager = chooseManager(options.for);
  if (options.print) return show(manager.kind, manager.text(program), json);
  const { changed } = await installWith(manager, program, options.start ? "start" : "leave");
  const { kind, path, log, hint } = manager;
  if (json) return printJson({ kind, path, changed, started: options.start });
  print(`${changed ? "wrote" : "kept"} ${oneLine(path)}`);
  if (!options.start) return print("it was not started");
  print(`the service runs, and starts with you; ${hint}`);
  print(`its log: ${oneLine(log)}`);
}

function show(kind: string, text: string, json: true | undefined): void {
  if (json) return printJson({ kind, text });
  print(text.trimEnd());
}

/**
 * Writes a service's file and has its manager start it; doing so again changes nothing.
 *
 * Rejects with {@linkcode CodedError} `not_ours` where somebody else's file is in its place,
 * `host_running` where a Host runs that is not the service's, `manager_failed`.
 */
export async function installWith(
  manager: ServiceManager,
  program: ServiceProgram,
  then: "start" | "leave",
  run: RunTool = runTool,
): Promise<{ changed: boolean }> {
  const { path } = manager;
  const before = await installed(path);
  if (before.kind === "foreign") {
    throw new CodedError(
      "not_ours",
      `Cannot write ${path}: \`gemmapod service install\` has not written what is there; ` +
        "move it away first",
    );
  }
  if (then === "start") await refuseOtherHost(manager, run);
  const text = manager.text(program);
  const changed = before.kind === "none" || before.text !== text;
  if (changed) {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, text, { mode: FILE_MODE });
  }
  await mkdir(dirname(hostLogPath()), { recursive: true, mode: 0o700 });
  if (then === "leave") return { changed };
  try {
    await manager.start(changed ? "changed" : "same", run);
  } catch (cause) {
    throw new CodedError(
      "manager_failed",
      `${path} is written, and could not be started: ${errorMessage(cause)}`,
      { cause },
    );
  }
  return { changed };
}

/** A second Host could not start, and would be tried again for ever. */
async function refuseOtherHost(manager: ServiceManager, run: RunTool): Promise<void> {
  const host = await runningHost();
  if (host === undefined || (await manager.state(run)).pid === host.pid) return;
  throw new CodedError(
    "host_running",
    `A Host is running already, process ${host.pid}: \`gemmapod stop\` it first; ` +
      "the service serves the same pods again",
  );
}
