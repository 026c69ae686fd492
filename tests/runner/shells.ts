import type { Need } from "./needs.ts";

const SHELLS = ["zsh", "fish", "shellcheck"] as const;

/** The shells that completions are tried in, beside bash, and what reads our own scripts. */
export const OTHER_SHELLS: Need = {
  what: "completions in zsh and fish, and shellcheck on the scripts",
  found: async () => {
    const found = await Promise.all(SHELLS.map((name) => isThere(`/usr/bin/${name}`)));
    return found.every(Boolean);
  },
  packages: SHELLS,
  advice: `install ${SHELLS.join(", ")} (Debian: apt-get install ${SHELLS.join(" ")})`,
};

async function isThere(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
