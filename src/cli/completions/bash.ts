import type { CommandNode, Value } from "./tree.ts";

/**
 * For bash 3.2 and later, without the package bash-completion. Where it knows nothing, bash completes
 * files.
 */
export function bashScript(name: string, commands: readonly CommandNode[]): string {
  const fn = `_${name}`;
  const steps = commands.filter(({ path }) => path.length > 0)
    .map(({ path }) => `"${path.slice(0, -1).join(" ")} ${path.at(-1)}"`);
  const values = commands.flatMap(({ path, flags }) =>
    flags.flatMap(({ short, long, value }) => {
      if (value === undefined) return [];
      const names = [`--${long}`, ...(short === undefined ? [] : [`-${short}`])];
      const patterns = names.map((flag) => `"${path.join(" ")} ${flag}"`).join(" | ");
      return [`    ${patterns}) words="${wordsOf(value)}"; is_value=1 ;;`];
    })
  );
  const words = commands.map(({ path, flags, args, children }) => {
    const names = flags.flatMap((
      { short, long },
    ) => [`--${long}`, ...(short ? [`-${short}`] : [])]);
    const places = [...children, ...args.flatMap((value) => wordsOf(value) || [])].join(" ");
    return `    "${path.join(" ")}") flags="${names.join(" ")}"; words="${places}" ;;`;
  });
  return `# Completions of ${name} for bash.

${fn}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}"
  local at="" words="" flags="" is_value="" i
  # "--flag=value" comes as three words.
  if [[ $cur == "=" ]]; then
    cur=""
  elif [[ $prev == "=" ]]; then
    prev="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
    ${steps.join(" | \\\n    ")})
      at="\${at:+$at }\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at $prev" in
${values.join("\n")}
  esac
  if [[ -z $is_value ]]; then
    case "$at" in
${words.join("\n")}
    esac
    [[ $cur == -* ]] && words="$flags"
  fi
  # shellcheck disable=SC2207 # bash 3.2, which macOS has, knows no mapfile
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}

complete -o bashdefault -o default -F ${fn} ${name}`;
}

function wordsOf(value: Value): string {
  return value.kind === "one_of" ? value.words.join(" ") : "";
}
