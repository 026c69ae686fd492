import { oneLine } from "../../base/native.ts";

/** A word as a shell takes it. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${oneLine(text).replaceAll("'", `'\\''`)}'`;
}

/** A number of bytes for people, and exactly. */
export function bytesText(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} KB (${bytes} bytes)`;
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
export function example(call: string): (context: { command: Subcommand }) => string {
  return ({ command }) => `\nExample:\n  ${programOf(command)} ${call}`;
}
