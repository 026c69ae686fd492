/** What a text assigns to a global. */
export interface AssignedStrings {
  /** Its different base64 strings, white space and padding gone; at most two, the rest is unread. */
  readonly values: readonly string[];
  /** How many assignments of something else there were. */
  readonly malformed: number;
}

/**
 * Every base64 string that some page assigns to the global `name`, as implementations of all kinds
 * write it: `window.NAME = "…"`, `globalThis["NAME"]='…'`, `var NAME = …`, with line breaks or
 * JavaScript's escapes inside.
 *
 * The whole text is looked at, comments included: whoever finds one assignment may not miss another.
 * Linear in the length of the text, whatever it is: no part of it is read twice.
 *
 * @param maxChars the longest base64 that is taken
 */
export function assignedStrings(html: string, name: string, maxChars: number): AssignedStrings {
  const values = new Set<string>();
  let malformed = 0;
  let at = html.indexOf(name);
  while (at !== -1 && values.size < 2) {
    const start = literalAfter(html, at, name);
    at += name.length;
    if (start !== undefined) {
      const literal = readLiteral(html, start, maxChars);
      at = literal.end;
      if (literal.value !== undefined) values.add(literal.value);
      else malformed++;
    }
    at = html.indexOf(name, at);
  }
  return { values: [...values], malformed };
}

/** Where the string begins that is assigned to the name at `at`, or undefined. */
function literalAfter(html: string, at: number, name: string): number | undefined {
  const before = html.charAt(at - 1);
  let next = at + name.length;
  if (before === '"' || before === "'" || before === "`") {
    if (html.charAt(next) !== before) return undefined;
    next = skipSpace(html, next + 1);
    if (html.charAt(next) !== "]") return undefined;
    next++;
  } else if (/[\w$]/.test(before)) {
    return undefined; // the end of a longer name
  }
  next = skipSpace(html, next);
  if (html.charAt(next) !== "=" || /[=>]/.test(html.charAt(next + 1))) return undefined;
  next = skipSpace(html, next + 1);
  return /["'`]/.test(html.charAt(next)) ? next : undefined;
}

/** A string literal of base64: its value where it is one, and where the reading ended. */
function readLiteral(
  html: string,
  start: number,
  maxChars: number,
): { value?: string; end: number } {
  const quote = html.charAt(start);
  let value = "";
  let at = start + 1;
  let run = at; // where the characters began that are taken as they stand
  for (;;) {
    const character = html.charAt(at);
    if (isBase64(character)) {
      at++;
      continue;
    }
    value += html.slice(run, at);
    if (character === quote) break;
    if (value.length > maxChars) return { end: at };
    if (isSpace(character)) {
      run = ++at;
    } else if (character === "\\") {
      const escape = readEscape(html, at);
      if (escape === undefined) return { end: at };
      value += escape.text;
      run = at = escape.end;
    } else {
      return { end: at };
    }
  }
  const end = at + 1;
  if (/[+.[]/.test(html.charAt(skipSpace(html, end)))) return { end }; // part of an expression
  if (value.length > maxChars) return { end };
  const digits = value.replace(/={1,2}$/, "");
  const isBase64Text = digits !== "" && !digits.includes("=") && digits.length % 4 !== 1;
  return isBase64Text ? { value: digits, end } : { end };
}

/** What a backslash and what follows say (ECMA-262, 12.9.4); undefined where that is no base64. */
function readEscape(html: string, at: number): { text: string; end: number } | undefined {
  const next = html.charAt(at + 1);
  if (next === "\r" && html.charAt(at + 2) === "\n") return { text: "", end: at + 3 };
  if (/[\n\r\u2028\u2029nrtfv]/.test(next)) return { text: "", end: at + 2 }; // all of it is space
  const code = /^\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{0{0,4}([0-9a-f]{1,2})\})/i
    .exec(html.slice(at, at + 10));
  if (code !== null) {
    const text = String.fromCharCode(parseInt(code[1] ?? code[2] ?? code[3] ?? "", 16));
    return isBase64(text) ? { text, end: at + code[0].length } : undefined;
  }
  return isBase64(next) && !/[0-9bux]/.test(next) ? { text: next, end: at + 2 } : undefined;
}

function isBase64(character: string): boolean {
  return (character >= "a" && character <= "z") || (character >= "A" && character <= "Z") ||
    (character >= "/" && character <= "9") || character === "+" || character === "=";
}

function isSpace(character: string): boolean {
  return character !== "" && " \n\r\t\f\v\u00a0\u2028\u2029\ufeff".includes(character);
}

function skipSpace(html: string, at: number): number {
  while (isSpace(html.charAt(at))) at++;
  return at;
}
