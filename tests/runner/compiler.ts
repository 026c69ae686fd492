import { canCompileFor, COMPILE_ADVICE } from "../../src/assets/compile/deno_compile.ts";
import { ownTarget } from "../../src/assets/compile/targets.ts";
import type { Need } from "./needs.ts";

/** A Deno that has its `denort`, for the tests of the compiled programs. */
export const COMPILER: Need = {
  what: "the tests of the compiled programs (deno compile)",
  found: async () => {
    const own = ownTarget();
    return own !== undefined && await canCompileFor(own);
  },
  packages: [],
  advice: COMPILE_ADVICE,
};
