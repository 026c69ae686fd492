import type { Command } from "./args.ts";
import { WrongUse } from "./wrong_use.ts";

/**
 * `help memory list` as `memory list --help`, wherever `help` stands. The library itself would show
 * the help of the whole for a topic that it does not know, and not say so.
 *
 * Throws {@linkcode WrongUse} for a topic below a command that holds no others.
 */
export function withHelpFlag(program: Command, args: readonly string[]): string[] {
  if (isAlone(program) && args[0] === "help") return ["--help"];
  let at = program;
  for (const [index, word] of args.entries()) {
    if (word === "help" && at.commands.length > 0) {
      return [...args.slice(0, index), ...topicCall(at, args.slice(index + 1))];
    }
    const below = commandNamed(at, word);
    if (below === undefined) break;
    at = below;
  }
  return [...args];
}

/** What shows the help of a topic, or has the library say that it knows none. */
function topicCall(from: Command, topic: readonly string[]): string[] {
  const path: string[] = [];
  let at = from;
  for (const word of topic) {
    if (word.startsWith("-")) break;
    const below = commandNamed(at, word);
    if (below === undefined && at.commands.length > 0) return [...path, word];
    if (below === undefined) {
      const holder = path.at(-1);
      throw new WrongUse(`unknown command '${word}': ${holder} has no commands of its own`);
    }
    path.push(word);
    at = below;
  }
  return [...path, "--help"];
}

/** Whether a program is one command: then `help` is asked of it as of any other. */
function isAlone({ commands, registeredArguments }: Command): boolean {
  return commands.length === 0 && registeredArguments.length === 0;
}

function commandNamed({ commands }: Command, word: string): Command | undefined {
  return commands.find((command) => command.name() === word || command.aliases().includes(word));
}
