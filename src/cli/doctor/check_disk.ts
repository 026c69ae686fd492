import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { HostPaths } from "../../host/native.ts";
import { sizeText } from "../../base/native.ts";
import type { Finding } from "../../pack/mod.ts";
import type { Check } from "./check.ts";

/** Below this a database soon cannot be written, in bytes. */
const TOO_LITTLE = 100e6;

/** Below this it is time to look for what can go, in bytes. */
const LITTLE = 1e9;

/** Whether there is room for conversations and logs. */
export function diskCheck({ home }: HostPaths): Check {
  return {
    name: "disk",
    look: async () => {
      const folder = await nearestFolder(home);
      const { bavail, bsize } = await statfs(folder);
      return [diskFinding(bavail * bsize, folder)];
    },
  };
}

/** What so much free space means. */
export function diskFinding(free: number, folder: string): Finding {
  const found = `${sizeText(free)} free where ${folder} is`;
  if (free >= LITTLE) return { check: "disk", status: "good", found };
  return {
    check: "disk",
    status: free < TOO_LITTLE ? "bad" : "warn",
    found,
    todo: "make room; `--retention <days>` has the Host forget old conversations",
  };
}

/** The folder itself, or the one in which it would be made. */
async function nearestFolder(path: string): Promise<string> {
  for (let folder = path;; folder = dirname(folder)) {
    try {
      await Deno.stat(folder);
      return folder;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || dirname(folder) === folder) throw error;
    }
  }
}
