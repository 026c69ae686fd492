import { COMPILER } from "./compiler.ts";
import type { Need } from "./needs.ts";

/** What makes a fresh Debian to run the steps of a Dockerfile in, where there is no Docker. */
export const IMAGE_TOOLS: Need = {
  what: "the steps of the Dockerfiles (debootstrap, root, deno compile)",
  found: async () =>
    Deno.build.os === "linux" && Deno.uid() === 0 && await isFile("/usr/sbin/debootstrap") &&
    await mayMount() && await COMPILER.found(),
  packages: ["debootstrap"],
  advice: "as root, where mounting is allowed: apt-get install debootstrap (Debian 12); " +
    COMPILER.advice,
};

async function mayMount(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("/usr/bin/unshare", {
      args: ["--mount", "/bin/true"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
