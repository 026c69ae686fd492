import type { SocketEvents, SocketLike } from "../../../src/signaling/mod.ts";

/** A socket of a few lines: what it was given to send is in `sent`, what comes is `receive`d. */
export class MemorySocket implements SocketLike {
  readyState: number;
  readonly sent: unknown[] = [];
  closed = false;
  readonly #handlers = new Map<string, Set<(event: never) => void>>();

  /** @param state `connecting` until {@linkcode MemorySocket.open} is called */
  constructor(state: "connecting" | "open" = "open") {
    this.readyState = state === "open" ? 1 : 0;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
    this.closed = true;
  }

  addEventListener<K extends keyof SocketEvents>(
    type: K,
    handler: (event: SocketEvents[K]) => void,
  ): void {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers.add(handler));
  }

  removeEventListener<K extends keyof SocketEvents>(
    type: K,
    handler: (event: SocketEvents[K]) => void,
  ): void {
    this.#handlers.get(type)?.delete(handler);
  }

  /** How many handlers are attached. */
  get listeners(): number {
    return [...this.#handlers.values()].reduce((sum, { size }) => sum + size, 0);
  }

  open(): void {
    this.readyState = 1;
    this.#emit("open", {});
  }

  /** A message from the other side: an object as JSON, anything else as it is. */
  receive(data: unknown): void {
    this.#emit("message", { data: typeof data === "object" ? JSON.stringify(data) : data });
  }

  /** The line goes down. */
  lose(code = 1006, reason = ""): void {
    this.readyState = 3;
    this.#emit("close", { code, reason });
  }

  #emit<K extends keyof SocketEvents>(type: K, event: SocketEvents[K]): void {
    for (const handler of [...this.#handlers.get(type) ?? []]) {
      (handler as (event: SocketEvents[K]) => void)(event); // it was added under this type
    }
  }
}
