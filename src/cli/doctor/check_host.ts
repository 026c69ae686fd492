import { VERSION } from "../../base/mod.ts";
import { oneLine } from "../../base/native.ts";
import type { HostPaths } from "../../host/native.ts";
import { runningHost } from "../host_client.ts";
import type { Check } from "./check.ts";

/** Whether a Host runs, of this version, and whether one has left its file behind. */
export function hostCheck({ discoveryPath }: HostPaths): Check {
  return {
    name: "host",
    look: async () => {
      const host = await runningHost();
      if (host !== undefined) {
        const { version, podCount } = await host.info();
        const found = `process ${host.pid} serves ${podCount} ${podCount === 1 ? "pod" : "pods"}`;
        if (version === VERSION) return [{ check: "host", status: "good", found }];
        return [{
          check: "host",
          status: "warn",
          found: `${found}, with version ${oneLine(version)}; this program is ${VERSION}`,
          todo: "start it anew: `gemmapod stop`, then `gemmapod start --detach --resume`",
        }];
      }
      if (await exists(discoveryPath)) {
        return [{
          check: "host",
          status: "warn",
          found: `no Host runs, and ${
            oneLine(discoveryPath)
          } is of one that did not stop by itself`,
          todo: "nothing: the next start takes it over; " +
            "if a Host hangs, end its process first",
        }];
      }
      return [{ check: "host", status: "good", found: "none runs; `gemmapod start` starts one" }];
    },
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
