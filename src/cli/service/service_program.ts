import { fileURLToPath } from "node:url";
import { processEnv, type ServiceProgram } from "../../host/native.ts";

/** Where the program begins, when it runs from source. */
const ENTRY = new URL("../main.ts", import.meta.url);

/**
 * What a service runs: this very program, as `gemmapod start --headless --resume`, with the flags
 * that were given.
 */
export function serviceProgram(flags: readonly string[]): ServiceProgram {
  const program = Deno.build.standalone
    ? [Deno.execPath()]
    : [Deno.execPath(), "run", "-A", "--quiet", "--no-prompt", fileURLToPath(ENTRY)];
  const home = processEnv("GEMMAPOD_HOME");
  return {
    argv: [...program, "start", "--headless", "--resume", ...flags],
    env: home === undefined ? {} : { GEMMAPOD_HOME: home },
  };
}
