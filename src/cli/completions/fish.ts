import type { CommandNode, Value } from "./tree.ts";

/** For fish 3 and later. */
export function fishScript(name: string, commands: readonly CommandNode[]): string {
  const steps = commands.filter(({ path }) => path.length > 0)
    .map(({ path }) => `'${path.slice(0, -1).join(" ")} ${path.at(-1)}'`);
  const lines = commands.flatMap(({ path, flags, args, children }) => {
    const at = `complete -c ${name} -n '__${name}_at ${path.join(" ")}'`.replace(/ '$/, "'");
    const summaries = children.map((child) => {
      const { summary = "" } = commands.find((node) =>
        node.path.join(" ") === [...path, child].join(" ")
      ) ?? {};
      return `${at} -f -a ${child} -d ${quoted(summary)}`;
    });
    const options = flags.map(({ short, long, summary, value }) =>
      [
        at,
        ...(short === undefined ? [] : [`-s ${short}`]),
        `-l ${long}`,
        ...(value === undefined ? [] : [valueOf(value)]),
        `-d ${quoted(summary)}`,
      ].join(" ")
    );
    const places = args.map((value) => `${at} ${placeOf(value)}`);
    return [...summaries, ...options, ...places];
  });
  return `# Completions of ${name} for fish.

# Whether the words so far lead to this command.
function __${name}_at
    set -l at ''
    for word in (commandline -opc)[2..-1]
        switch "$at $word"
            case ${steps.join(" ")}
                set at (string trim -- "$at $word")
        end
    end
    test "$at" = "$argv"
end

${lines.join("\n")}`;
}

/** What a flag takes. */
function valueOf(value: Value): string {
  switch (value.kind) {
    case "one_of":
      return `-x -a ${quoted(value.words.join(" "))}`;
    case "file":
    case "folder":
      return "-r -F";
    case "text":
      return "-x";
  }
}

/** What stands in a command's own place. */
function placeOf(value: Value): string {
  return value.kind === "one_of"
    ? `-f -a ${quoted(value.words.join(" "))}`
    : value.kind === "text"
    ? "-f"
    : "-F";
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
