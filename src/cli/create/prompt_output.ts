import process from "node:process";
import { Writable } from "node:stream";

/** What a terminal that does not say its size is taken to have. */
const USUAL_SIZE = { columns: 80, rows: 24 } as const;

/** Codes that change the colour, and nothing else. */
// deno-lint-ignore no-control-regex -- escape sequences are what is looked for
const COLOURS = /\x1b\[[0-9;]*m/g;

/**
 * stdout for the library of the prompts: without colours where the person wants none, which not
 * every version of Deno sees to, and never of no columns, as `script` and some other terminals are,
 * where it would write a character a line.
 */
export function promptOutput(): Writable {
  const { stdout } = process;
  const output = new Writable({
    decodeStrings: false,
    write(text: string | Uint8Array, _encoding: string, done: () => void) {
      const plain = Deno.noColor && typeof text === "string" ? text.replace(COLOURS, "") : text;
      stdout.write(plain);
      done();
    },
  });
  return Object.defineProperties(output, {
    isTTY: { get: () => stdout.isTTY },
    columns: { get: () => stdout.columns || USUAL_SIZE.columns },
    rows: { get: () => stdout.rows || USUAL_SIZE.rows },
  });
}
