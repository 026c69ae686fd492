import { oneLine, print } from "../../base/native.ts";

/** A word as a shell takes it. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${oneLine(text).replaceAll("'", `'\\''`)}'`;
}

/** A number of bytes for people, and exactly. */
export function bytesText(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} KB (${bytes} bytes)`;
}

/** Prints what a program asked for with `--json`. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** A command, as far as its program's name is asked for. */
interface Subcommand {
  parent: { name(): string } | null;
}

/** The name of the program that offers a command. */
export function programOf({ parent }: Subcommand): string {
  return parent?.name() ?? "gemmapod-pack";
}

/** The end of a command's `--help`: how it is called. */
export function example(
  ...calls: readonly string[]
): (context: { command: Subcommand }) => string {
  return ({ command }) => {
    const lines = calls.map((call) => `  ${programOf(command)} ${call}`).join("\n");
    return `\n${calls.length === 1 ? "Example" : "Examples"}:\n${lines}`;
  };
}
