import { isHighSurrogate } from "./utf8_length.ts";

/**
 * Puts together characters that a model's pieces cut in two: a piece that ends in the first half of
 * a pair gives that half to the next one.
 */
export class WholeCharacters {
  #half = "";

  /** What can be sent of a piece now. */
  push(piece: string): string {
    const text = this.#half + piece;
    const ends = isHighSurrogate(text.charCodeAt(text.length - 1));
    this.#half = ends ? text.slice(-1) : "";
    return ends ? text.slice(0, -1) : text;
  }

  /** A half that nothing followed. */
  end(): string {
    const half = this.#half;
    this.#half = "";
    return half;
  }
}
