import { run, type StartOptions } from "../processes.ts";

/** A command as its own `--help` describes it. */
export interface HelpedCommand {
  /** The program and the command's words. */
  readonly words: readonly string[];
  readonly help: string;
}

/** All commands of a program, those that hold others first: what `--help` lists, and theirs. */
export async function commandTree(
  program: readonly string[],
  options: StartOptions,
  words: readonly string[] = [],
): Promise<HelpedCommand[]> {
  const help = await run([...program, ...words, "--help"], options);
  const [, listed = ""] = help.split(/^Commands:$/m);
  const names = [...listed.split("\n\n")[0]?.matchAll(/^ {2}([a-z]+)/gm) ?? []]
    .map(([, name = ""]) => name).filter((name) => name !== "help");
  const below: HelpedCommand[] = [];
  for (const name of names) below.push(...await commandTree(program, options, [...words, name]));
  return [{ words, help }, ...below];
}
