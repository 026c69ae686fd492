/** Writes a line of what was asked for. */
export function print(line: string): void {
  console.log(line);
}

/** Writes a line that a person should see and a pipe should not. */
export function warn(line: string): void {
  console.error(`${paint("33", "warning:", Deno.stderr)} ${oneLine(line)}`);
}

/** Writes why a command failed: line breaks stay, for lists of mistakes. */
export function printFailure(message: string): void {
  const lines = message.split("\n").map(oneLine).join("\n");
  console.error(`${paint("31", "error:", Deno.stderr)} ${lines}`);
}

/** Good news. */
export function green(word: string): string {
  return paint("32", word, Deno.stdout);
}

/** What somebody should look at. */
export function yellow(word: string): string {
  return paint("33", word, Deno.stdout);
}

/** Bad news. */
export function red(word: string): string {
  return paint("31", word, Deno.stdout);
}

/** A text that may be a stranger's, without what would move the cursor or forge a line. */
export function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are exactly what must not get through
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** A word in colour, where a person looks at it and has not said NO_COLOR. */
function paint(code: string, word: string, stream: { isTerminal(): boolean }): string {
  return Deno.noColor || !stream.isTerminal() ? word : `\x1b[${code}m${word}\x1b[0m`;
}
