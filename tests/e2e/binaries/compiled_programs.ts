import { join } from "node:path";
import { ROOT_DIR } from "../../../src/assets/native.ts";
import { BIN_DIST_DIR } from "../../../src/assets/compile/build_programs.ts";
import type { Programs } from "../chain.ts";
import { run } from "../processes.ts";

/** The programs of these sources, compiled for this machine: once, whichever test asks first. */
export async function compiledPrograms(): Promise<Programs> {
  await run([Deno.execPath(), "run", "-A", "--quiet", "build.ts", "bin", "--if-old"], {
    cwd: ROOT_DIR,
  });
  const suffix = Deno.build.os === "windows" ? ".exe" : "";
  return {
    gemmapod: [join(BIN_DIST_DIR, `gemmapod${suffix}`)],
    signal: [join(BIN_DIST_DIR, `gemmapod-signal${suffix}`)],
    pack: [join(BIN_DIST_DIR, `gemmapod-pack${suffix}`)],
  };
}
