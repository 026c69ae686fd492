import { join } from "node:path";
import type { Need } from "./needs.ts";

/** Where distributions and Go's own installer put it; the rest is on PATH. */
const USUAL_PLACES = ["/usr/local/go/bin", "/usr/lib/go/bin"];

/** As a Go module, which `go run` fetches. */
const MODULE = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.7";

/**
 * How actionlint is called here: `ACTIONLINT` where it is set, else one that is installed, else by
 * Go. Undefined where there is neither.
 */
export async function findActionlint(): Promise<readonly string[] | undefined> {
  const named = Deno.env.get("ACTIONLINT");
  if (named) return [named];
  const suffix = Deno.build.os === "windows" ? ".exe" : "";
  const separator = Deno.build.os === "windows" ? ";" : ":";
  const folders = [...(Deno.env.get("PATH") ?? "").split(separator), ...USUAL_PLACES];
  for (const folder of folders) {
    const path = join(folder, `actionlint${suffix}`);
    if (await isFile(path)) return [path];
  }
  for (const folder of folders) {
    const path = join(folder, `go${suffix}`);
    if (await isFile(path)) return [path, "run", MODULE];
  }
  return undefined;
}

/** What checks the workflows of `.github`. */
export const ACTIONLINT: Need = {
  what: "the check of the workflows (actionlint)",
  found: async () => await findActionlint() !== undefined,
  packages: ["golang-go"],
  advice: "install actionlint or Go (Debian: apt-get install golang-go), or set ACTIONLINT to it",
};

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false; // not there, or not ours to see
  }
}
