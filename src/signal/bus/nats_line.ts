import { connect, errors, type NatsConnection } from "@nats-io/transport-node";
import { CodedError, errorMessage, type Logger } from "../../base/mod.ts";
import type { BusAddress } from "./bus_address.ts";
import { CONNECT_WITHIN_MS, RETRY_MS } from "./limits.ts";

/** How often NATS is asked whether it is there, in milliseconds; gone after two of them. */
const PING_MS = 5_000;

/** How long one NATS node may take to answer a connection, in milliseconds. */
const DIAL_WITHIN_MS = 2_000;

/**
 * The connection to NATS, for as long as the broker runs. The client of NATS goes from a node that
 * died to another by itself; what it does not do is to begin when no node is there yet.
 */
export class NatsLine implements AsyncDisposable {
  readonly #address: BusAddress;
  readonly #log: Logger;
  readonly #listeners = new Set<() => void>();
  readonly #stopping = Promise.withResolvers<void>();
  #connection: NatsConnection | undefined;
  #up = false;
  #stopped = false;

  private constructor(address: BusAddress, log: Logger) {
    this.#address = address;
    this.#log = log;
  }

  /**
   * Settles when the line is up, or after 3 s without: then it goes on trying.
   *
   * Rejects with {@linkcode CodedError} `bus_refused` where NATS does not take our credentials.
   */
  static async open(address: BusAddress, log: Logger): Promise<NatsLine> {
    const line = new NatsLine(address, log);
    const first = Promise.withResolvers<void>();
    line.#keep(first);
    const timer = setTimeout(first.resolve, CONNECT_WITHIN_MS);
    try {
      await first.promise;
      return line;
    } catch (error) {
      await line[Symbol.asyncDispose](); // it would go on trying
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether a node answers. */
  get up(): boolean {
    return this.#up;
  }

  /** The same for as long as the broker runs, once a node has answered. */
  get connection(): NatsConnection | undefined {
    return this.#connection;
  }

  /** Calls back whenever the line comes up or goes down. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#listeners.clear();
    this.#stopping.resolve();
    // What was said last goes out first, where there is anybody to take it.
    if (this.#up) await this.#connection?.flush().catch(() => {});
    await this.#connection?.close();
  }

  async #keep(first: PromiseWithResolvers<void>): Promise<void> {
    let told = false;
    while (!this.#stopped) {
      try {
        const connection = await this.#connect();
        if (this.#stopped) return await connection.close();
        this.#connection = connection;
        this.#set("up");
        first.resolve();
        return await this.#watch(connection);
      } catch (error) {
        if (error instanceof errors.AuthorizationError) {
          first.reject(
            new CodedError("bus_refused", "Cannot use the bus: NATS refuses our credentials", {
              cause: error,
            }),
          );
        }
        if (!told) this.#log.warn("bus_unreachable", { error: errorMessage(error) });
        told = true;
        await this.#pause();
      }
    }
  }

  #connect(): Promise<NatsConnection> {
    const { servers, user, password, token, tls } = this.#address;
    return connect({
      servers: [...servers],
      name: "gemmapod-signal",
      timeout: DIAL_WITHIN_MS,
      pingInterval: PING_MS,
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true, // the operator may be about to change them there, too
      reconnectTimeWait: RETRY_MS,
      noAsyncTraces: true,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { pass: password }),
      ...(token === undefined ? {} : { token }),
      ...(tls ? { tls: {} } : {}),
    });
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === "disconnect") this.#set("down");
      else if (status.type === "reconnect") this.#set("up");
      else if (status.type === "error") {
        this.#log.warn("bus_error", { error: errorMessage(status.error) });
      }
    }
    this.#set("down");
  }

  #set(state: "up" | "down"): void {
    const up = state === "up";
    if (this.#up === up) return;
    this.#up = up;
    for (const listener of this.#listeners) listener();
  }

  /** Waits before the next attempt, unless the line is disposed of. */
  async #pause(): Promise<void> {
    const timer = Promise.withResolvers<void>();
    const id = setTimeout(timer.resolve, RETRY_MS);
    await Promise.race([timer.promise, this.#stopping.promise]);
    clearTimeout(id);
  }
}
