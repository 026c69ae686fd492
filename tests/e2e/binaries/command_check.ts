import assert from "node:assert/strict";
import { eventually } from "../eventually.ts";
import { start } from "../processes.ts";
import type { HelpedCommand } from "./command_tree.ts";

/** A call of a program, and what must come of it. */
export interface CommandCase {
  readonly args: readonly string[];
  readonly code: 0 | 1 | 2;
  /** What it says, on either stream; with `--json` in the arguments, unless the call is wrong, it must be JSON, too. */
  readonly says: RegExp;
  /** Variables of the environment beside the place's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** It serves until it is stopped, which is done once it has said so. */
  readonly serves?: true;
  /** What it says may take a moment to be so: until then it is called again. */
  readonly soon?: true;
  /** Done before it. */
  readonly first?: () => Promise<void>;
}

/** Where a program runs. */
export interface CalledAt {
  readonly cwd: string;
  readonly env: Record<string, string>;
}

/** A case that succeeds. */
export function ok(says: RegExp, ...args: string[]): CommandCase {
  return { args, code: 0, says };
}

/** A case that fails. */
export function fails(says: RegExp, ...args: string[]): CommandCase {
  return { args, code: 1, says };
}

/** A case that is wrong use. */
export function misused(says: RegExp, ...args: string[]): CommandCase {
  return { args, code: 2, says };
}

/** Runs a case and holds what came of it against what must. */
export async function check(
  program: readonly string[],
  { args, code, says, env, serves, soon, first }: CommandCase,
  at: CalledAt,
): Promise<void> {
  await first?.();
  const name = args.join(" ");
  const argv = [...program, ...args];
  const options = { ...at, env: { ...at.env, ...env } };
  if (serves) {
    await using running = start(argv, options);
    await running.line(says);
    running.kill("SIGTERM");
    assert.equal((await running.status).code, code, `${name}: ${running.lines.join("\n")}`);
    return;
  }
  let ended = await called(argv, options);
  if (soon) {
    await eventually(`${name}: ${says}`, async () => {
      ended = await called(argv, options);
      return says.test(ended.stdout);
    });
  }
  const { stdout, said } = ended;
  assert.equal(ended.code, code, `${name}: ${said}`);
  assert.match(said, says, name);
  if (code !== 0) assert.doesNotMatch(said, /^\s+at /m, `${name} shows a stack`);
  const isJson = args.includes("--json") && (code === 0 || stdout !== "");
  if (isJson) assert.doesNotThrow(() => readJson(stdout), `${name}: ${said}`);
}

/**
 * Holds that every command of a program is seen to succeed and to fail, and to print JSON where it
 * can; one that only holds others is seen to say how it is called.
 */
export function assertAllSeen(
  tree: readonly HelpedCommand[],
  cases: readonly CommandCase[],
): void {
  for (const command of tree.filter(({ words }) => words.length > 0)) {
    const name = command.words.join(" ");
    const own = cases.filter((one) => calls(one, command));
    const holdsOthers = /^Commands:$/m.test(command.help);
    assert.ok(own.some(({ code }) => code !== 0), `${name} is seen to fail`);
    if (holdsOthers) continue;
    assert.ok(own.some(({ code }) => code === 0), `${name} is seen to succeed`);
    if (!/^ {2}--json /m.test(command.help)) continue;
    const printed = own.filter(({ args, code }) => args.includes("--json") && code !== 2);
    assert.ok(printed.length > 0, `${name} is asked for JSON`);
  }
}

/** Whether a case calls this command. */
function calls({ args }: CommandCase, { words }: HelpedCommand): boolean {
  return words.every((word, index) => args[index] === word);
}

/** What `--json` prints: one value, or one a line. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.trim().split("\n").map((line) => JSON.parse(line));
  }
}

/** Calls a program to its end. */
async function called([command = "", ...args]: readonly string[], options: Deno.CommandOptions) {
  const ended = await new Deno.Command(command, {
    ...options,
    args,
    clearEnv: true,
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const stdout = text(ended.stdout);
  return { code: ended.code, stdout, said: `${stdout}${text(ended.stderr)}` };
}
