import type { Command } from "../../base/native.ts";

/** What may stand in a place. */
export type Value =
  | { readonly kind: "one_of"; readonly words: readonly string[] }
  | { readonly kind: "file" | "folder" | "text"; readonly name: string };

/** A flag of a command. */
export interface Flag {
  /** Without its hyphen: `d`. */
  readonly short?: string;
  /** Without its hyphens: `detach`. */
  readonly long: string;
  readonly summary: string;
  /** Undefined where it takes none. */
  readonly value?: Value;
}

/** A command, as far as a shell is to know it. */
export interface CommandNode {
  /** The names that lead to it, none for the program itself: `["memory", "list"]`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly flags: readonly Flag[];
  readonly args: readonly Value[];
  /** The names of its own commands. */
  readonly children: readonly string[];
}

const HELP: Flag = { short: "h", long: "help", summary: "display help" };
const VERSION: Flag = { short: "V", long: "version", summary: "output the version number" };

/** A program and all its commands, each before those below it. */
export function commandsOf(program: Command): CommandNode[] {
  return nodesOf(program, []);
}

function nodesOf(command: Command, path: readonly string[]): CommandNode[] {
  const flags = command.options.filter(({ hidden, long }) =>
    !hidden && long && long !== "--version"
  )
    .map((option): Flag => ({
      ...(option.short === undefined ? {} : { short: option.short.replace(/^-/, "") }),
      long: (option.long ?? "").replace(/^--/, ""),
      summary: option.description,
      ...(option.required || option.optional ? { value: valueOf(option) } : {}),
    }));
  const node: CommandNode = {
    path,
    summary: command.description(),
    flags: [...flags, ...(path.length === 0 ? [VERSION] : []), HELP],
    args: command.registeredArguments.map((argument) =>
      valueOf({ flags: `<${argument.name()}>`, argChoices: argument.argChoices })
    ),
    children: command.commands.map((child) => child.name()),
  };
  return [node, ...command.commands.flatMap((child) => nodesOf(child, [...path, child.name()]))];
}

/** What a place takes, by its choices, else by the name that it is shown with: `<file>`. */
function valueOf(
  { flags, argChoices }: { flags: string; argChoices?: string[] | undefined },
): Value {
  if (argChoices !== undefined) return { kind: "one_of", words: argChoices };
  const [, name = ""] = /[<[]([^>\]]*)[>\]]/.exec(flags) ?? [];
  if (/^(dir|folder)$/.test(name)) return { kind: "folder", name };
  return { kind: /file|page|dir|^pod$/.test(name) ? "file" : "text", name };
}
