/**
 * HTTP/1.1 over plain TCP, small enough to do what a server library does not let a test do: leave a
 * request without an answer, break an answer off, notice the moment the client leaves.
 *
 * @module
 */

/** One request, read whole. */
export interface RawRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** The answer to one request. Writing after the client left, or after `end`, does nothing. */
export interface RawReply {
  /** Aborted when the client closes the connection or the server stops. */
  readonly left: AbortSignal;
  /** Sends the head of a streamed answer. */
  head(status: number, contentType: string): Promise<void>;
  /** Sends one piece of a streamed answer. */
  chunk(text: string): Promise<void>;
  /** Ends a streamed answer. */
  end(): Promise<void>;
  /** Sends a whole answer. */
  whole(status: number, contentType: string, body: string): Promise<void>;
  /** Closes the TCP connection when what was written is out, in the middle of the answer. */
  breakOff(): Promise<void>;
}

/** A running server. */
export interface RawServer {
  readonly port: number;
  /** Closes the listener and every connection. */
  stop(): Promise<void>;
}

/** Pages on any origin may ask, as with a local model server that allows it. */
const CORS = "access-control-allow-origin: *\r\naccess-control-allow-headers: *\r\n" +
  "access-control-allow-methods: GET, POST, OPTIONS\r\n";

/** How many characters may wait for a slow client before `chunk` waits too. */
const MAX_WAITING = 65_536;

/** Serves on 127.0.0.1; `port` 0 takes a free one. */
export function serveRaw(
  port: number,
  handle: (request: RawRequest, reply: RawReply) => Promise<void>,
): RawServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port });
  const open = new Set<Deno.TcpConn>();
  const running = new Set<Promise<void>>();

  async function accept(): Promise<void> {
    for await (const conn of listener) {
      open.add(conn);
      const served = serveConnection(conn, handle).finally(() => {
        open.delete(conn);
        running.delete(served);
      });
      running.add(served);
    }
  }
  const accepting = accept();
  return {
    port: listener.addr.port,
    stop: async () => {
      closeQuietly(listener);
      for (const conn of open) closeQuietly(conn);
      await Promise.all([accepting, ...running]);
    },
  };
}

async function serveConnection(
  conn: Deno.TcpConn,
  handle: (request: RawRequest, reply: RawReply) => Promise<void>,
): Promise<void> {
  conn.setNoDelay(true);
  // One signal a request, though the connection is kept; told by hand, because a signal of
  // `AbortSignal.any` may be collected before it fires (denoland/deno#29075).
  let left = new AbortController();
  const input = new Input();
  const reading = input.fill(conn).finally(() => left.abort());
  try {
    while (true) {
      const request = await readRequest(input);
      if (request === undefined) break;
      if (left.signal.aborted) break; // it left before it had its answer
      left = new AbortController();
      await handle(request, replyOver(conn, left));
    }
  } finally {
    closeQuietly(conn);
    await reading;
  }
}

/** Bytes of a connection, read on even while a request is being answered: that is how a client's
 * leaving shows. */
class Input {
  #bytes = new Uint8Array(0);
  #ended = false;
  #wake = Promise.withResolvers<void>();

  async fill(conn: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (let size = await conn.read(buffer); size !== null; size = await conn.read(buffer)) {
        const joined = new Uint8Array(this.#bytes.length + size);
        joined.set(this.#bytes);
        joined.set(buffer.subarray(0, size), this.#bytes.length);
        this.#bytes = joined;
        this.#signal();
      }
    } catch {
      // reset or closed by us: an end like the other
    }
    this.#ended = true;
    this.#signal();
  }

  #signal(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  /** Takes `size(bytes)` bytes as soon as they are there; undefined at the end of the input. */
  async take(size: (bytes: Uint8Array) => number): Promise<Uint8Array | undefined> {
    while (true) {
      const wanted = size(this.#bytes);
      if (wanted >= 0 && wanted <= this.#bytes.length) {
        const taken = this.#bytes.subarray(0, wanted);
        this.#bytes = this.#bytes.subarray(wanted);
        return taken;
      }
      if (this.#ended) return undefined;
      await this.#wake.promise;
    }
  }
}

async function readRequest(input: Input): Promise<RawRequest | undefined> {
  const head = await input.take(endOfHead);
  if (head === undefined) return undefined;
  const [first = "", ...lines] = new TextDecoder().decode(head).trimEnd().split("\r\n");
  const [method = "", target = "/"] = first.split(" ");
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const length = Number(headers.get("content-length") ?? "0");
  const body = await input.take(() => length);
  if (body === undefined) return undefined;
  const path = new URL(target, "http://raw").pathname;
  return { method, path, headers, body: new TextDecoder().decode(body) };
}

function endOfHead(bytes: Uint8Array): number {
  for (let at = 3; at < bytes.length; at++) {
    if (bytes[at] === 10 && bytes[at - 1] === 13 && bytes[at - 2] === 10) return at + 1;
  }
  return -1;
}

function replyOver(conn: Deno.TcpConn, left: AbortController): RawReply {
  const encoder = new TextEncoder();
  let waiting = "";
  let flushing: Promise<void> | undefined;

  /** What is written in one turn goes out in one piece, as a fast server's kernel would do it. */
  function write(text: string): Promise<void> {
    waiting += text;
    flushing ??= flush().finally(() => flushing = undefined);
    return waiting.length < MAX_WAITING ? Promise.resolve() : flushing;
  }

  async function flush(): Promise<void> {
    await Promise.resolve();
    try {
      while (waiting !== "") {
        const bytes = encoder.encode(waiting);
        waiting = "";
        for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
      }
    } catch {
      waiting = "";
      left.abort(); // the client is gone, and what it does not read is lost
    }
  }

  /** Settles when nothing waits to be written. */
  async function flushed(): Promise<void> {
    while (flushing !== undefined) await flushing;
  }

  const head = (status: number, contentType: string, rest: string) =>
    `HTTP/1.1 ${status} -\r\n${CORS}content-type: ${contentType}\r\n${rest}\r\n`;
  return {
    left: left.signal,
    head: (status, contentType) =>
      write(head(status, contentType, "transfer-encoding: chunked\r\ncache-control: no-cache\r\n")),
    chunk: (text) => write(`${encoder.encode(text).length.toString(16)}\r\n${text}\r\n`),
    end: () => {
      void write("0\r\n\r\n");
      return flushed();
    },
    whole: (status, contentType, body) => {
      const length = `content-length: ${encoder.encode(body).length}\r\n`;
      void write(head(status, contentType, length) + body);
      return flushed();
    },
    breakOff: async () => {
      await flushed();
      closeQuietly(conn);
    },
  };
}

function closeQuietly(resource: { close(): void }): void {
  try {
    resource.close();
  } catch {
    // closed already
  }
}
