import { type AddressInfo, connect, type ListenOptions, type Server } from "node:net";

/** How long it may take until somebody who connects is answered, in milliseconds. */
const ANSWER_WITHIN_MS = 5_000;

/** A request that no route has and that is answered all the same, with 400. */
const KNOCK = "OPTIONS * HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/**
 * Where a server listens, for as long as it runs.
 *
 * A server whose process has used up its open files does not accept again afterwards, though they
 * are free, and does not say so: who connects waits in the kernel (Deno 2.9.6, `node:net`), or is
 * refused (2.6.10). Another takes its place then; its connections stay.
 */
export class FrontDoor {
  readonly #make: () => Server;
  readonly #servers = new Set<Server>();
  #current: Server;
  #where: ListenOptions;
  /** What the server says of itself while it listens. */
  #address: AddressInfo = { address: "", family: "", port: 0 };
  #closed = false;

  private constructor(make: () => Server, where: ListenOptions) {
    this.#make = make;
    this.#current = make();
    this.#where = where;
  }

  /**
   * Rejects with what listening fails with.
   *
   * @param make a server that does not listen yet
   */
  static async open(make: () => Server, where: ListenOptions): Promise<FrontDoor> {
    const door = new FrontDoor(make, where);
    await door.#listen(door.#current);
    return door;
  }

  get port(): number {
    return this.#address.port;
  }

  /** Connects to itself, and listens anew where nobody answers; says whether it did. */
  async check(): Promise<"answered" | "reopened"> {
    const { address, port } = this.#address;
    const found = await knock(address, port);
    if (found === "answered" || this.#closed) return "answered";
    const stalled = this.#current;
    if (found === "silent") stalled.close();
    else this.#servers.delete(stalled); // it does not listen, and cannot be closed
    this.#current = this.#make();
    await this.#listen(this.#current);
    return "reopened";
  }

  /** Stops listening; settles when no connection is left. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(Array.from(this.#servers, closed));
  }

  async #listen(server: Server): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Once it listens this does nothing more: that one connection fails is no reason to end.
    server.on("error", reject);
    server.listen(this.#where, resolve);
    await promise;
    if (this.#closed) server.close();
    this.#servers.add(server);
    server.on("close", () => this.#servers.delete(server));
    this.#address = server.address() as AddressInfo; // a TCP server's address is one
    this.#where = { ...this.#where, port: this.#address.port };
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** What becomes of a connection. Where this process has no file left for it, it says nothing. */
async function knock(address: string, port: number): Promise<"answered" | "silent" | "refused"> {
  const { promise, resolve } = Promise.withResolvers<"answered" | "silent" | "refused">();
  const host = address === "0.0.0.0" ? "127.0.0.1" : address === "::" ? "::1" : address;
  const line = connect({ host, port });
  const timer = setTimeout(() => resolve("silent"), ANSWER_WITHIN_MS);
  line.on("connect", () => line.write(KNOCK));
  line.on("data", () => resolve("answered"));
  line.on("error", (error: Error & { code?: string }) => {
    resolve(error.code === "ECONNREFUSED" ? "refused" : "answered");
  });
  line.on("close", () => resolve("answered")); // turned away by somebody who is there
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    line.destroy();
  }
}
