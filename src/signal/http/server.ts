import type { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { MaybePromise } from "../../base/mod.ts";
import { Deadlines } from "./deadlines.ts";
import { FrontDoor } from "./front_door.ts";
import { type HeaderFields, headerFields } from "./header_fields.ts";
import { HttpError } from "./http_error.ts";
import { Upgrade } from "./upgrade.ts";
import { webRequest } from "./web_request.ts";
import { sendResponse } from "./web_response.ts";

/** Who is at the other end, as `Deno.serve` says it. */
export interface ServeInfo {
  readonly remoteAddr: { readonly hostname: string };
}

/** What is known of a request to become a WebSocket; a `Request` would cost a copy of all. */
export interface UpgradeRequest {
  readonly method: string;
  /** What is asked for, without its query. */
  readonly path: string;
  readonly headers: HeaderFields;
}

/** Options of {@linkcode serve}. */
export interface ServeOptions {
  readonly hostname: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Connections at once, WebSockets among them; one more is closed. */
  readonly connections: number;
  /** Connections that may wait to be taken; no more than {@linkcode BACKLOG} in any case. */
  readonly backlog: number;
  /** Answers a request. */
  handle(request: Request, info: ServeInfo): MaybePromise<Response>;
  /** @default 10 s for a head, 15 min for a request, 75 s until the next */
  readonly times?: ServerTimes;
  /** Is told when the server had stopped accepting by itself, and listens anew. */
  onStalled?(): void;
  /** Takes or refuses a request to become a WebSocket. */
  upgrade(request: UpgradeRequest, info: ServeInfo, upgrade: Upgrade): void;
}

/** How long clients may take, in milliseconds. */
export interface ServerTimes {
  /** Until the head of a request is there: half-open handshakes cost memory. */
  readonly headWithinMs: number;
  /** For a request and its answer: 50 MiB at 1 Mbit/s take 7 minutes. */
  readonly requestWithinMs: number;
  /** Until the next request of a connection is there: longer than proxies keep theirs. */
  readonly nextRequestWithinMs: number;
}

const USUAL_TIMES: ServerTimes = {
  headWithinMs: 10_000,
  requestWithinMs: 15 * 60_000,
  nextRequestWithinMs: 75_000,
};

/** A server that listens. */
export interface HttpServer {
  readonly port: number;
  /** Stops listening; settles when requests in flight are answered and no connection is left. */
  shutdown(): Promise<void>;
  /** Cuts every request that is still in flight. */
  abort(): void;
}

/** How often deadlines are looked at, in milliseconds. */
const LOOK_MS = 1_000;

/** How long nobody may come before the server's own door is tried, in milliseconds. */
const NOBODY_CAME_MS = 5_000;

/** How often, in milliseconds. */
const CHECK_MS = 10_000;

/** Connections that may wait to be taken: thousands of Hosts come back at once after a restart. */
const BACKLOG = 4_096;

/**
 * Serves standard requests, and WebSockets by our own hands, on one port.
 *
 * Why by our own: `Deno.upgradeWebSocket` holds up to 64 MiB of one message before anybody sees it
 * (60 MiB sent: 57 MB more), and a half-sent head stays for ever; `ws` closes a message that is too
 * large with 1009 before our error and our 4029 can be said. And it costs least. Measured with the
 * hub behind it (2026-11, Deno 2.9.6, two cores, `tests/bench/broker.ts`), idle with 5,000 Hosts,
 * CPU of the broker, 50 sessions in flight:
 *
 * | | idle socket | session, standing / fresh sockets | offer's p95 | round trip |
 * |---|---|---|---|---|
 * | `Deno.serve` | 25.1 KiB | 88 / 187 us | 5.9 ms | 53 us |
 * | `ws` 8.23 on `node:http` | 13.0 KiB | 100 / 266 us | 15.8 ms | 29 us |
 * | this, on `node:http` | 10.7 to 15.2 KiB | 82 to 119 / 235 us | 5.2 to 17.9 ms | 33 us |
 *
 * The two above were measured once, and this in whole runs beside other work: the first and the last
 * of each pair are the best and the worst of three, in which 3,811 to 10,243 sessions a second went
 * through on standing sockets.
 *
 * What it costs: a small request takes 250 us of CPU (70 with `Deno.serve`), 10 MiB down 12 ms (8),
 * up 8 ms (7), the start 40 ms more. `crossws` is `Deno.upgradeWebSocket` underneath.
 *
 * Older Denos have another `node:http`, made of `Deno.serve` (2.6.10). There an idle socket takes 63
 * KiB, `connections` is not heeded and a head that is never finished is never noticed (so a proxy has
 * to see to both), a refused WebSocket is not told why (`upgrade.ts`), what is read of uploads leaves
 * twice as much garbage (up to 65 MB for one of 60 MiB that is refused), and a request of HTTP/1.0
 * that asks for an upgrade ends the listening, until `FrontDoor` finds that out.
 *
 * An idle socket takes 8.7 KiB where V8's young generation is kept small: `DENO_V8_FLAGS` with
 * `--max-semi-space-size=2`, at no cost in CPU. A compiled program does not read that variable: it
 * has to be compiled with `--v8-flags`.
 *
 * Rejects with what listening fails with.
 */
export async function serve(options: ServeOptions): Promise<HttpServer> {
  const times = options.times ?? USUAL_TIMES;
  /** Connections without a request, and those whose request is being answered. */
  const waiting = new Deadlines<Socket>();
  const answering = new Deadlines<Socket>();
  let stopping = false;
  let cameAt = performance.now();

  function welcome(socket: Socket): void {
    waiting.set(socket, performance.now() + times.headWithinMs);
    socket.on("close", () => {
      waiting.delete(socket);
      answering.delete(socket);
    });
  }

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { socket } = incoming;
    cameAt = performance.now();
    const left = new AbortController();
    incoming.on("error", ignore); // "close" follows
    outgoing.on("error", ignore);
    waiting.delete(socket);
    answering.set(socket, performance.now() + times.requestWithinMs);
    outgoing.on("close", () => {
      if (!outgoing.writableFinished) left.abort();
      if (socket.destroyed) return;
      answering.delete(socket);
      waiting.set(socket, performance.now() + times.nextRequestWithinMs);
      if (stopping) socket.destroySoon();
    });
    await sendResponse(
      await responseTo(() => options.handle(webRequest(incoming, left.signal), peerOf(incoming))),
      outgoing,
    );
  }

  function upgrade(incoming: IncomingMessage, stream: Duplex, early: Buffer): void {
    cameAt = performance.now();
    waiting.delete(incoming.socket); // whoever takes it watches over it
    const { method = "GET", url = "" } = incoming;
    const [path = ""] = url.split("?", 1);
    const request = { method, path, headers: headerFields(incoming) };
    options.upgrade(request, peerOf(incoming), new Upgrade(stream, early));
  }

  function make(): Server {
    const server = createServer({
      // Runtimes differ in what they count these from, one the whole connection: ours are above.
      headersTimeout: 0,
      requestTimeout: 0,
      keepAliveTimeout: 0,
    });
    server.maxConnections = options.connections;
    return server.on("connection", welcome).on("request", answer).on("upgrade", upgrade);
  }

  const { hostname: host, port } = options;
  const backlog = Math.min(BACKLOG, options.backlog);
  const door = await FrontDoor.open(make, { host, port, backlog });
  const look = setInterval(() => {
    for (const socket of waiting.passed(performance.now())) socket.destroy();
    for (const socket of answering.passed(performance.now())) socket.destroy();
  }, LOOK_MS);
  const check = setInterval(async () => {
    if (performance.now() - cameAt < NOBODY_CAME_MS) return;
    const found = await door.check().catch(() => "shut" as const); // until the next time
    if (found === "reopened") options.onStalled?.();
  }, CHECK_MS);

  return {
    port: door.port,
    shutdown() {
      stopping = true;
      clearInterval(look);
      clearInterval(check);
      for (const socket of waiting.keys()) socket.destroy();
      return door.close();
    },
    abort() {
      for (const socket of answering.keys()) socket.destroy();
    },
  };
}

/** An error that nobody listens for would end the process. */
function ignore(): void {}

async function responseTo(handle: () => MaybePromise<Response>): Promise<Response> {
  try {
    return await handle();
  } catch (error) {
    return error instanceof HttpError
      ? Response.json({ error: error.message }, { status: error.status, headers: error.headers })
      : Response.json({ error: "The broker failed to answer" }, { status: 500 });
  }
}

/** An IPv4 client of a server that listens on IPv6 as well is still one of IPv4. */
function peerOf({ socket }: IncomingMessage): ServeInfo {
  return {
    remoteAddr: { hostname: (socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "") },
  };
}
