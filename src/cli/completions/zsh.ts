import type { CommandNode, Flag, Value } from "./tree.ts";

/** For zsh, as a file of `fpath` or to be sourced. */
export function zshScript(name: string, commands: readonly CommandNode[]): string {
  const functions = commands.map((node) => functionOf(name, node, commands));
  return `#compdef ${name}

${functions.join("\n\n")}

if [[ \${funcstack[1]} == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi`;
}

function functionOf(name: string, node: CommandNode, commands: readonly CommandNode[]): string {
  const specs = node.flags.map(specOf);
  if (node.children.length === 0) {
    const args = node.args.map((value, index) => quoted(`${index + 1}:${placeOf(value)}`));
    return `${functionName(name, node.path)}() {
  _arguments -s -S \\
    ${[...specs, ...args].join(" \\\n    ")}
}`;
  }
  const described = node.children.map((child) => {
    const { summary = "" } = commands.find(({ path }) =>
      path.length === node.path.length + 1 && path.join(" ") === [...node.path, child].join(" ")
    ) ?? {};
    return `    ${quoted(`${child}:${summary}`)}`;
  });
  const branches = node.children.map((child) =>
    `        ${child}) ${functionName(name, [...node.path, child])} ;;`
  );
  return `${functionName(name, node.path)}() {
  local curcontext="$curcontext" state line
  typeset -A opt_args
  local -a commands
  commands=(
${described.join("\n")}
  )
  _arguments -C \\
    ${specs.join(" \\\n    ")} \\
    '1: :->command' \\
    '*:: :->rest'
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      case $words[1] in
${branches.join("\n")}
      esac ;;
  esac
}`;
}

function functionName(name: string, path: readonly string[]): string {
  return ["", name, ...path].join("_");
}

/** A flag as `_arguments` reads it. */
function specOf({ short, long, summary, value }: Flag): string {
  const text = `[${escaped(summary)}]${value === undefined ? "" : `:${placeOf(value)}`}`;
  const equals = value === undefined ? "" : "=";
  if (short === undefined) return quoted(`--${long}${equals}${text}`);
  return `'(-${short} --${long})'{-${short},--${long}${equals}}${quoted(text)}`;
}

/** What stands in a place: a message, and an action. */
function placeOf(value: Value): string {
  switch (value.kind) {
    case "one_of":
      return ` :(${value.words.join(" ")})`;
    case "file":
      return `${escaped(value.name)}:_files`;
    case "folder":
      return `${escaped(value.name)}:_files -/`;
    case "text":
      return `${escaped(value.name)}: `;
  }
}

function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, "\\$&");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
