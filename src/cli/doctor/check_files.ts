import { join } from "node:path";
import { oneLine } from "../../base/native.ts";
import type { HostPaths } from "../../host/native.ts";
import type { Finding } from "../../pack/mod.ts";
import type { Check } from "./check.ts";
import type { KnownPod } from "./machine.ts";

/** The bits that let a group or others at a file. */
const OTHERS = 0o077;

/** Files of the Host's folder that are its owner's alone (host.md, "Files"). */
const PRIVATE_FILES = ["host.key", "host.json", "state.json", "agents.json"] as const;

/** Whether keys and what visitors said are their owner's alone, and the pod folders are there. */
export function filesCheck(paths: HostPaths, pods: readonly KnownPod[]): Check {
  return {
    name: "files",
    look: async () => {
      const { home, databasePath } = paths;
      const keys = pods.flatMap((known) => "pod" in known ? [known.ownerKeyPath] : []);
      const files = [...PRIVATE_FILES.map((name) => join(home, name)), databasePath, ...keys];
      const open = Deno.build.os === "windows"
        ? [] // it has no such modes
        : (await Promise.all([home, ...files].map(openToOthers))).flat();
      const broken = pods.flatMap((known) => "broken" in known ? [brokenFinding(known)] : []);
      if (open.length + broken.length > 0) return [...open, ...broken];
      const many = pods.length === 1 ? "1 pod" : `${pods.length} pods`;
      return [{
        check: "files",
        status: "good",
        found: `what is private is yours alone; ${many} known`,
      }];
    },
  };
}

/** What is to be said of a file that others can get at. */
async function openToOthers(path: string): Promise<Finding[]> {
  let info;
  try {
    info = await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  const mode = (info.mode ?? 0) & 0o777;
  if ((mode & OTHERS) === 0) return [];
  const right = info.isDirectory ? "700" : "600";
  return [{
    check: "files",
    // A folder that others may look into shows names; a file that they may read shows secrets.
    status: info.isDirectory ? "warn" : "bad",
    found: `${oneLine(path)} has mode ${mode.toString(8)}: others on this machine can get at it`,
    todo: `chmod ${right} ${oneLine(path)}`,
  }];
}

function brokenFinding({ dir, broken }: { dir: string; broken: string }): Finding {
  return {
    check: "files",
    status: "warn",
    found: `the pod of ${oneLine(dir)} cannot be served: ${oneLine(broken)}`,
    todo: "`gemmapod-pack doctor` on its folder says what to mend; `gemmapod unlink` forgets it",
  };
}
