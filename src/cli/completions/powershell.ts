import type { CommandNode } from "./tree.ts";

/** For PowerShell 5.1 and later. */
export function powershellScript(name: string, commands: readonly CommandNode[]): string {
  const tables = commands.map(({ path, flags, children, args }) => {
    const words = [
      ...children.map((child) => {
        const { summary = "" } = commands.find((node) =>
          node.path.join(" ") === [...path, child].join(" ")
        ) ?? {};
        return [child, summary, "ParameterValue"] as const;
      }),
      ...args.flatMap((value) => value.kind === "one_of" ? value.words : [])
        .map((word) => [word, word, "ParameterValue"] as const),
      ...flags.flatMap(({ short, long, summary }) => [
        [`--${long}`, summary, "ParameterName"] as const,
        ...(short === undefined ? [] : [[`-${short}`, summary, "ParameterName"] as const]),
      ]),
    ];
    const rows = words.map(([word, summary, kind]) =>
      `      @(${quoted(word)}, ${quoted(summary)}, '${kind}')`
    );
    return `    ${quoted(path.join(" "))} = @(\n${rows.join("\n")}\n    )`;
  });
  const values = commands.flatMap(({ path, flags }) =>
    flags.flatMap(({ long, value }) =>
      value?.kind === "one_of"
        ? [
          `    ${quoted([...path, `--${long}`].join(" "))} = @(${
            value.words.map(quoted).join(", ")
          })`,
        ]
        : []
    )
  );
  return `# Completions of ${name} for PowerShell.

Register-ArgumentCompleter -Native -CommandName ${quoted(name)} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @{
${tables.join("\n")}
  }
  $values = @{
${values.join("\n")}
  }
  $at = ''
  $last = ''
  foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    $last = $element.Extent.Text
    $next = "$at $last".Trim()
    if ($words.ContainsKey($next)) { $at = $next }
  }
  $choices = $values["$at $last".Trim()]
  if ($null -ne $choices) {
    $choices | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
      [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
    return
  }
  $words[$at] | Where-Object { $_[0] -clike "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_[0], $_[0], $_[2], $_[1])
  }
}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
