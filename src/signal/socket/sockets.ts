import type { Upgrade } from "../http/upgrade.ts";
import type { Hub } from "../hub.ts";
import type { BrokerLimits } from "../limits.ts";
import { Tally } from "../tally.ts";
import { handshake, type HandshakeRequest } from "./handshake.ts";
import { SocketConnection } from "./socket_connection.ts";

/** The WebSockets of a broker: takes them in, counts them, finds those that died without a word. */
export class Sockets {
  readonly #hub: Hub;
  readonly #limits: BrokerLimits;
  readonly #open = new Set<SocketConnection>();
  readonly #ofAddress = new Tally();
  #empty: PromiseWithResolvers<void> | undefined;

  constructor(hub: Hub, limits: BrokerLimits) {
    this.#hub = hub;
    this.#limits = limits;
  }

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Makes a socket of the hub's out of a request, or refuses it.
   *
   * @param address what limits count the client by
   */
  take(request: HandshakeRequest, address: string, upgrade: Upgrade): void {
    const answer = handshake(request);
    if (!answer.accepted) return upgrade.refuse(answer.status, answer.message, answer.headers);
    const { sockets, socketsPerAddress } = this.#limits;
    if (this.#ofAddress.of(address) >= socketsPerAddress) {
      return upgrade.refuse(429, `At most ${socketsPerAddress} sockets an address`, RETRY);
    }
    if (this.#open.size >= sockets) {
      return upgrade.refuse(503, "The broker has as many sockets as it can hold", RETRY);
    }
    this.#ofAddress.add(address);
    const connection = new SocketConnection(upgrade.accept(answer.headers), {
      hub: this.#hub,
      address,
      unsentBytes: this.#limits.unsentBytes,
      owner: this,
    });
    this.#open.add(connection);
  }

  /** Asks who is silent, and lets go of who does not answer; to be called every `SWEEP_MS`. */
  sweep(): void {
    for (const connection of this.#open) connection.sweep();
  }

  /** Settles when none is open. */
  empty(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return (this.#empty ??= Promise.withResolvers()).promise;
  }

  /** A line is gone. */
  closed(connection: SocketConnection): void {
    this.#open.delete(connection);
    this.#ofAddress.remove(connection.address);
    if (this.#open.size > 0) return;
    this.#empty?.resolve();
    this.#empty = undefined;
  }
}

/** A minute later there may be room. */
const RETRY = { "retry-after": "60" };
