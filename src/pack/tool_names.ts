/** The tools that a file exports, as far as its text tells. */
export interface ToolNames {
  /** Of the members of its default export, in order. */
  readonly names: readonly string[];
  /** False where there may be others: a `...spread`, a computed name. */
  readonly isComplete: boolean;
}

/**
 * The names of the tools in the text of a `tools.ts` or `tools.js`: the members of the object that
 * it exports by default, there or by the name of a `const`. Undefined where it exports something
 * else.
 *
 * The file is read and not run: a packer has no business in running what a Host will.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { toolNamesIn } from "./tool_names.ts";
 *
 * const text = 'export default { weather: tool({ execute: () => "}" }), "a-b": tool({}) };';
 * assert.deepEqual(toolNamesIn(text)?.names, ["weather", "a-b"]);
 * ```
 */
export function toolNamesIn(text: string): ToolNames | undefined {
  const code = withoutTexts(text);
  const exported = /\bexport\s+default\s+/.exec(code) ??
    /\bexport\s*\{[^}]*?\bas\s+default\b/.exec(code);
  if (exported === null) return undefined;
  const start = exported.index + exported[0].length;
  if (code[start] === "{") return membersOf(code, text, start);
  const name = /^[A-Za-z_$][\w$]*/.exec(code.slice(start))?.[0] ??
    /([A-Za-z_$][\w$]*)\s+as\s+default$/.exec(exported[0])?.[1];
  if (name === undefined) return undefined;
  const declared = new RegExp(
    `\\b(?:const|let|var)\\s+${name.replaceAll("$", "\\$")}\\b[^=;]*=\\s*\\{`,
  )
    .exec(code);
  if (declared === null) return undefined;
  return membersOf(code, text, declared.index + declared[0].length - 1);
}

/** The names in the object literal whose brace is at `open`. */
function membersOf(code: string, text: string, open: number): ToolNames | undefined {
  const names: string[] = [];
  let isComplete = true;
  let depth = 0;
  let memberAt = open + 1;
  for (let at = open; at < code.length; at++) {
    const character = code.charAt(at);
    if ("{[(".includes(character)) depth++;
    if ("}])".includes(character)) depth--;
    const ends = depth === 0 || (depth === 1 && character === ",");
    if (!ends) continue;
    const name = nameOf(code.slice(memberAt, at), text.slice(memberAt, at));
    if (name === null) isComplete = false;
    else if (name !== undefined) names.push(name);
    if (depth === 0) return { names, isComplete };
    memberAt = at + 1;
  }
  return undefined; // it does not end: a Host will say where
}

/** The name of one member; undefined for none, null where it cannot be told. */
function nameOf(code: string, text: string): string | null | undefined {
  const start = code.search(/\S/);
  if (start === -1) return undefined;
  const member = code.slice(start);
  const quoted = /^(["'])[^"']*\1/.exec(member);
  if (quoted !== null) return text.slice(start + 1, start + quoted[0].length - 1);
  return /^(?:async\s+|\*\s*)?([A-Za-z_$][\w$]*)/.exec(member)?.[1] ?? null;
}

/** What begins a text, a comment or a regular expression. */
const TEXT =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|`(?:[^`\\]|\\[\s\S])*`|(?<=[=(,:;!&|?{}[\n]\s*)\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[dgimsuvy]*/g;

/** The same code, as long, with blanks for comments and for what stands in quotes. */
function withoutTexts(text: string): string {
  return text.replace(TEXT, (found) => {
    const quote = found.charAt(0);
    const isText = quote === '"' || quote === "'";
    const blank = found.replace(/[^\n]/g, isText ? "_" : " ");
    return isText ? quote + blank.slice(2) + quote : blank;
  });
}
