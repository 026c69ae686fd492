import { join } from "node:path";
import { CodedError } from "../../base/mod.ts";
import { BIN_DIST_DIR } from "./build_programs.ts";
import { isTargetName, ownTarget, TARGET_NAMES, type TargetName } from "./targets.ts";

/** What `build bin` is asked for. */
export interface BinArguments {
  readonly wanted: readonly { readonly target: TargetName; readonly folder: string }[];
  /** Whether programs of these very sources, built before, are good enough. */
  readonly when: "always" | "if_old";
}

/**
 * Reads the arguments of `build bin`: `--target NAME|all`, `--if-old`.
 *
 * Throws `CodedError` `bad_arguments`.
 */
export function readBinArguments(args: readonly string[]): BinArguments {
  const targets: TargetName[] = [];
  let when: BinArguments["when"] = "always";
  const rest = args.flatMap((arg) =>
    arg.startsWith("--target=") ? ["--target", arg.slice(9)] : arg
  );
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--if-old") when = "if_old";
    else if (word === "--target") targets.push(...targetsNamed(rest.shift() ?? ""));
    else throw bad(`${word} is unknown`);
  }
  if (targets.length > 0) {
    return {
      when,
      wanted: targets.map((target) => ({ target, folder: join(BIN_DIST_DIR, target) })),
    };
  }
  const own = ownTarget();
  if (own === undefined) throw bad(`there is no program for this machine, ${Deno.build.target}`);
  return { when, wanted: [{ target: own, folder: BIN_DIST_DIR }] };
}

function targetsNamed(name: string): readonly TargetName[] {
  if (name === "all") return TARGET_NAMES;
  if (isTargetName(name)) return [name];
  throw bad(`"${name}" is no target`);
}

function bad(why: string): CodedError {
  return new CodedError(
    "bad_arguments",
    `Cannot build: ${why}; expected --if-old, --target ${TARGET_NAMES.join("|")}|all`,
  );
}
