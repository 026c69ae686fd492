import { Buffer } from "node:buffer";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** Milliseconds that a refused client has to read why. */
const REFUSED_WITHIN_MS = 1_000;

/**
 * Whether an answer that refuses gets out. Deno 2.6 lets nothing out here until a 101 was written, and
 * keeps the connection for ever: its clients get a 101 that is not what they asked for, and the end.
 */
const CAN_REFUSE = !/^2\.[0-6]\./.test(Deno.version.deno);

/** A connection whose client asks to speak something else than HTTP, still unanswered. */
export class Upgrade {
  readonly #stream: Duplex;
  readonly #early: Buffer;
  #status: number | undefined;

  /** @param early what the client sent already, behind its request */
  constructor(stream: Duplex, early: Buffer) {
    this.#stream = stream;
    this.#early = early;
    stream.on("error", destroy); // "close" follows, and tells whoever took it
  }

  /** What it was answered with; undefined before. */
  get status(): number | undefined {
    return this.#status;
  }

  /** Switches protocols (RFC 9110 15.2.2), and hands the connection over. */
  accept(headers: Readonly<Record<string, string>>): Duplex {
    this.#status = 101;
    this.#stream.write(head(101, headers));
    if (this.#early.length > 0) this.#stream.unshift(this.#early);
    return this.#stream;
  }

  /** Answers with an error, and closes the connection. */
  refuse(status: number, message: string, headers: Readonly<Record<string, string>> = {}): void {
    this.#status = status;
    const body = JSON.stringify({ error: message });
    const all = {
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      connection: "close",
      ...headers,
    };
    this.#stream.end(CAN_REFUSE ? head(status, all) + body : head(101, { connection: "Upgrade" }));
    const timer = setTimeout(() => this.#stream.destroy(), REFUSED_WITHIN_MS);
    this.#stream.on("close", () => clearTimeout(timer));
    this.#stream.resume();
  }
}

function destroy(this: Duplex): void {
  this.destroy();
}

/** The head of an answer (RFC 9112 4). Its headers are ours, and hold nothing that came in. */
function head(status: number, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines}\r\n`;
}
