import { frame } from "../../e2e/raw_socket.ts";

/** Digits of a session's number. */
const DIGITS = 8;

const PLACE = "session-" + "0".repeat(DIGITS);

/** A session id to build a {@linkcode PrebuiltFrame} with; its number comes when it is sent. */
export const SESSION_ID = PLACE;

/** A message as a frame that is made once, and of which each sending changes the session's number. */
export class PrebuiltFrame {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #at: number;

  constructor(message: object) {
    this.#bytes = frame(JSON.stringify(message)); // masked with zeros: its text lies there
    this.#at = new TextDecoder("latin1").decode(this.#bytes).indexOf(PLACE) + PLACE.length;
  }

  /** The frame for one session: a copy, because it may still be on its way when the next is made. */
  of(session: number): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes.slice();
    let rest = session;
    for (let at = this.#at - 1; at >= this.#at - DIGITS; at--) {
      bytes[at] = 0x30 + rest % 10;
      rest = Math.floor(rest / 10);
    }
    return bytes;
  }
}
