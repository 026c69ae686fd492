import { dirname, join } from "node:path";
import type { Need } from "./needs.ts";

/** Which pm2 is tried. */
const VERSION = "6.0.14";

/** Where the test command puts it: pm2 is a tool of these tests, and no part of the product. */
function ownFolder(): string {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? ".";
  const cache = Deno.env.get("XDG_CACHE_HOME") || join(home, ".cache");
  return join(cache, "gemmapod-tests", `pm2-${VERSION}`);
}

/** The pm2 of this machine: `PM2` where it is set, else the tests' own. */
export async function findPm2(): Promise<string | undefined> {
  const named = Deno.env.get("PM2");
  if (named) return named;
  const own = join(ownFolder(), "node_modules", ".bin", "pm2");
  try {
    return (await Deno.stat(own)).isFile ? own : undefined;
  } catch {
    return undefined; // not there, or not ours to see
  }
}

/** pm2, which npm brings; it needs no rights over the machine. */
export const PM2: Need = {
  what: "the tests of the lines and files for pm2",
  found: async () => await findPm2() !== undefined,
  packages: [],
  install: async () => {
    const folder = ownFolder();
    const making = `${folder}.new-${crypto.randomUUID()}`; // whole, or not there
    await Deno.mkdir(making, { recursive: true });
    try {
      const { success } = await new Deno.Command("npm", {
        args: [
          ...["install", "--prefix", making, "--no-save", "--no-audit", "--no-fund"],
          ...["--ignore-scripts", "--omit=optional", "--loglevel=error", `pm2@${VERSION}`],
        ],
        stdin: "null",
        stdout: "null",
        stderr: "inherit",
      }).output();
      if (!success) return false;
      await Deno.mkdir(dirname(folder), { recursive: true });
      await Deno.rename(making, folder);
      return true;
    } catch {
      return false; // no npm, or somebody was faster
    } finally {
      await Deno.remove(making, { recursive: true }).catch(() => {});
    }
  },
  advice: `install npm, or set PM2 to a pm2 (npm install --prefix somewhere pm2@${VERSION})`,
};
