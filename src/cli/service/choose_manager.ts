import { CodedError } from "../../base/mod.ts";
import { launchd } from "./launchd.ts";
import type { ManagerKind, ServiceManager } from "./manager.ts";
import { systemd } from "./systemd.ts";

/** The manager of this system. Throws {@linkcode CodedError} `no_manager` where it has none of ours. */
export function chooseManager(kind: ManagerKind | undefined = usualKind()): ServiceManager {
  switch (kind) {
    case "systemd":
      return systemd();
    case "launchd":
      return launchd();
    case undefined:
      throw new CodedError("no_manager", withoutManager());
  }
}

function usualKind(): ManagerKind | undefined {
  switch (Deno.build.os) {
    case "linux":
      return "systemd";
    case "darwin":
      return "launchd";
    default:
      return undefined;
  }
}

function withoutManager(): string {
  return Deno.build.os === "windows"
    ? "Windows has no services of a user. Have the Task Scheduler start it at every login:\n" +
      '  schtasks /Create /TN gemmapod /SC ONLOGON /TR "gemmapod start --headless --resume"'
    : `There is no service for ${Deno.build.os}: have your system start ` +
      "`gemmapod start --headless --resume`";
}
