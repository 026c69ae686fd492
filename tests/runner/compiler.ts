import type { Need } from "./needs.ts";
import { canCompile, COMPILE_ADVICE } from "../../build.ts";

/** A Deno that has its `denort`, for the tests of the compiled programs. */
export const COMPILER: Need = {
  what: "the tests of the compiled programs (deno compile)",
  found: canCompile,
  packages: [],
  advice: COMPILE_ADVICE,
};
