import process from "node:process";
import { PassThrough, type Readable } from "node:stream";

/** Ctrl-D, as a terminal in raw mode sends it: the end of what a person has to say. */
const END_OF_TRANSMISSION = "\x04";

/** What a person types. Disposing of it gives stdin back. */
export interface PromptInput extends Disposable {
  /** For the library of the prompts. */
  readonly stream: Readable;
  /** Aborted at Ctrl-D, or where the terminal is gone: the library would wait for ever. */
  readonly left: AbortSignal;
}

/**
 * stdin for the library of the prompts, which pauses it after each question: what is typed meanwhile
 * may be lost then, because Deno's read of a terminal cannot be taken back. So stdin itself is read
 * from the first question to the last, and only what stands between is paused.
 */
export function promptInput(): PromptInput {
  const { stdin } = process;
  const stream = new PassThrough();
  const left = new AbortController();
  const leave = () => left.abort();
  const hear = (typed: Uint8Array | string) => {
    if (String(typed).includes(END_OF_TRANSMISSION)) leave();
    stream.write(typed);
  };
  stdin.on("data", hear).once("end", leave);
  Object.defineProperties(stream, {
    isTTY: { get: () => stdin.isTTY },
    setRawMode: { value: (mode: boolean) => stdin.setRawMode(mode) },
  });
  return {
    stream,
    left: left.signal,
    [Symbol.dispose]: () => void stdin.off("data", hear).off("end", leave).pause(),
  };
}
