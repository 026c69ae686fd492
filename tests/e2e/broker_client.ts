import { signalUrl } from "../../src/signaling/mod.ts";
import { PATIENCE_MS } from "./eventually.ts";

/** A client of a broker that says exactly what a test tells it to. */
export interface BrokerClient extends AsyncDisposable {
  /** Sends an object as JSON, or a text or bytes as they are. */
  send(message: object | string): void;
  /** The next message that has come, or comes. Rejects when the line closes first. */
  next(): Promise<unknown>;
  /** How the line was closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Whether everything that came was read by `next`. */
  readonly quiet: boolean;
  close(): Promise<void>;
}

/** Connects to the broker at an address. */
export async function connect(url: string): Promise<BrokerClient> {
  const socket = new WebSocket(signalUrl(url));
  socket.binaryType = "arraybuffer";
  const came: unknown[] = [];
  const waiting: PromiseWithResolvers<unknown>[] = [];
  const closed = Promise.withResolvers<{ code: number; reason: string }>();
  let over: Error | undefined;
  socket.addEventListener("message", ({ data }) => {
    const message: unknown = JSON.parse(data);
    const first = waiting.shift();
    if (first === undefined) came.push(message);
    else first.resolve(message);
  });
  socket.addEventListener("close", ({ code, reason }) => {
    over = new Error(`closed with ${code} ${reason}`);
    closed.resolve({ code, reason });
    for (const { reject } of waiting) reject(over);
  });
  const opened = Promise.withResolvers<void>();
  socket.addEventListener("open", () => opened.resolve());
  socket.addEventListener("error", () => opened.reject(new Error(`cannot connect to ${url}`)));
  await opened.promise;

  async function close(): Promise<void> {
    socket.close();
    await closed.promise;
  }

  return {
    send(message) {
      const raw = typeof message === "string" || message instanceof Uint8Array;
      socket.send(raw ? message as string : JSON.stringify(message)); // bytes are fine there too
    },
    next() {
      if (came.length > 0) return Promise.resolve(came.shift());
      if (over !== undefined) return Promise.reject(over);
      const promised = Promise.withResolvers<unknown>();
      waiting.push(promised);
      const timer = setTimeout(
        () => promised.reject(new Error("no message within a minute")),
        PATIENCE_MS,
      );
      return promised.promise.finally(() => clearTimeout(timer));
    },
    closed: closed.promise,
    get quiet() {
      return came.length === 0;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Connects and registers pods, as a Host does. */
export async function connectHost(url: string, ...podIds: string[]): Promise<BrokerClient> {
  const host = await connect(url);
  for (const podId of podIds) {
    host.send({ t: "register", podId });
    await host.next();
  }
  return host;
}

/**
 * Waits until the broker has served all that this client sent: it answers in order, and a ping is
 * always answered. Returns what came before the answer.
 */
export async function settled(client: BrokerClient): Promise<unknown[]> {
  client.send({ t: "ping" });
  const before: unknown[] = [];
  while (true) {
    const message = await client.next();
    if (JSON.stringify(message) === '{"t":"pong"}') return before;
    before.push(message);
  }
}

/** Waits until the broker closes this line. Returns what came before that, and the close code. */
export async function turnedAway(
  client: BrokerClient,
): Promise<{ told: unknown[]; code: number; reason: string }> {
  const { code, reason } = await client.closed;
  const told: unknown[] = [];
  while (!client.quiet) told.push(await client.next());
  return { told, code, reason };
}
