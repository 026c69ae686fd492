import { VERSION } from "../../base/mod.ts";
import type { Check } from "./check.ts";

/** Which program this is, for whoever is asked for help. Nobody is asked for a newer one. */
export function versionCheck(): Check {
  const { os, arch, standalone } = Deno.build;
  const made = standalone ? "compiled" : "from source";
  const found = `gemmapod ${VERSION}, ${made}, ${os} ${arch}, Deno ${Deno.version.deno}`;
  return {
    name: "version",
    look: () => Promise.resolve([{ check: "version", status: "good", found }]),
  };
}
