import type { Logger } from "../../base/mod.ts";
import type { Bus, BusClient, BusState, RoutedOffer } from "./bus.ts";
import type { BusMessage } from "./bus_message.ts";
import { LINK_TICK_MS, MAX_LINKS } from "./limits.ts";
import { Link } from "./link.ts";
import { newName } from "./names.ts";
import type { Registrations } from "./registrations.ts";
import { RemoteEnd } from "./remote_end.ts";
import type { Wire } from "./wire.ts";

/** What a {@linkcode Switchboard} is made of. */
export interface SwitchboardOptions {
  /** The name of this broker on the bus. */
  broker: string;
  wire: Wire;
  registrations: Registrations;
  log: Logger;
  /**
   * A clock in milliseconds that never goes back.
   * @default performance.now
   */
  now?: () => number;
}

interface Line {
  readonly link: Link;
  readonly end: RemoteEnd;
  /** The pod that is called, where we are the caller. */
  readonly podId: string | undefined;
}

/**
 * Connects the sessions whose visitor and Host are at different brokers. Routing is by subject and
 * needs no lookup: NATS itself knows which broker has joined a pod.
 *
 * What a session may cost is counted where its client is: limits hold for each broker by itself,
 * and ten brokers let one address through ten times as often. What comes from here is checked for
 * form and size all the same, and binds to nothing but its own link.
 */
export class Switchboard implements Bus {
  readonly #broker: string;
  readonly #wire: Wire;
  readonly #registrations: Registrations;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #lines = new Map<string, Line>();
  #client: BusClient | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #said: BusState | undefined;

  constructor(options: SwitchboardOptions) {
    this.#broker = options.broker;
    this.#wire = options.wire;
    this.#registrations = options.registrations;
    this.#log = options.log;
    this.#now = options.now ?? (() => performance.now());
  }

  get state(): BusState {
    return this.#wire.up && this.#registrations.healthy ? "up" : "degraded";
  }

  attach(client: BusClient): void {
    this.#client = client;
    this.#registrations.listen({
      replaced: (podId) => client.replaced(podId),
      overtook: (podId, broker) =>
        this.#wire.toBroker(broker, { t: "replaced", from: this.#broker, podId }),
      changed: () => this.#sayState(),
    });
    this.#wire.listen({
      message: (message) => this.#take(message),
      nobody: (link) => void this.#nobody(link),
      changed: () => {
        this.#registrations.wireIs(this.#wire.up ? "up" : "down");
        this.#sayState();
      },
    });
    this.#sayState();
  }

  async register(podId: string): Promise<void> {
    this.#wire.join(podId);
    await this.#registrations.register(podId);
  }

  unregister(podId: string): void {
    this.#wire.leave(podId);
    this.#registrations.unregister(podId);
  }

  call(offer: RoutedOffer): RemoteEnd | undefined {
    if (!this.#wire.up || this.#lines.size >= MAX_LINKS) return undefined;
    const { link, end } = this.#open(newName(), undefined, offer.podId);
    link.send(offer, this.#now());
    return end;
  }

  /** Looks at every link; called by a timer of its own while there are any. */
  tick(): void {
    const now = this.#now();
    for (const { link, end } of this.#lines.values()) {
      switch (link.tick(now)) {
        case "open":
          break;
        case "lost":
          this.#lose(link, end);
          break;
        case "done":
          this.#lines.delete(link.id);
      }
    }
    if (this.#lines.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#lines.clear();
    this.#registrations.stop();
    await this.#wire[Symbol.asyncDispose]();
  }

  #open(id: string, peer: string | undefined, podId: string | undefined): Line {
    const link = new Link(
      id,
      peer,
      (to, n, say) => {
        const message = { t: "say", from: this.#broker, link: id, n, say } as const;
        if (to !== undefined) this.#wire.toBroker(to, message);
        else if (podId !== undefined) this.#wire.toPod(podId, message);
      },
      this.#now(),
    );
    const line = { link, end: new RemoteEnd(link, this.#now), podId };
    this.#lines.set(id, line);
    this.#timer ??= setInterval(() => this.tick(), LINK_TICK_MS);
    return line;
  }

  #take(message: BusMessage): void {
    switch (message.t) {
      case "say":
        return this.#say(message);
      case "taken":
        return this.#lines.get(message.link)?.link.taken(message.from, message.n, this.#now());
      case "nobody":
        return void this.#nobody(message.link);
      case "replaced":
        // Only a hint: what holds is what the registrations say.
        return this.#registrations.check(message.podId);
    }
  }

  #say({ from, link: id, n, say }: Extract<BusMessage, { t: "say" }>): void {
    if (from === this.#broker) return this.#cameHome(id);
    const line = this.#lines.get(id) ??
      (n === 0 && say.t === "offer" ? this.#ring(id, from, say) : undefined);
    if (line === undefined) {
      // It ended long ago, or it is for a Host that has left.
      return this.#wire.toBroker(from, { t: "nobody", from: this.#broker, link: id });
    }
    const took = line.link.receive(from, n, say, this.#now());
    if (took === "ignore") return;
    this.#wire.toBroker(from, { t: "taken", from: this.#broker, link: id, n });
    if (took === "act") this.#client?.said(line.end, say);
  }

  /** Our own call has come back: by now its Host is ours. */
  #cameHome(id: string): void {
    const line = this.#lines.get(id);
    if (line === undefined || !line.link.calling || line.link.finished) return;
    this.#client?.cameHome(line.end, line.link.takeBack(this.#now()));
  }

  /** Takes a call from another broker; undefined where there is no such Host any more. */
  #ring(id: string, from: string, offer: RoutedOffer): Line | undefined {
    if (this.#lines.size >= MAX_LINKS) return undefined;
    const line = this.#open(id, from, undefined);
    if (this.#client?.called(offer, line.end)) return line;
    this.#lines.delete(id);
    return undefined;
  }

  /** Nobody is where a link sent to. It tries again, unless that is how it should be. */
  async #nobody(id: string): Promise<void> {
    const line = this.#lines.get(id);
    if (line?.podId === undefined || !line.link.calling || line.link.finished) return;
    const where = await this.#registrations.find(line.podId);
    if (where === "nowhere" && line.link.calling) this.#lose(line.link, line.end);
  }

  #lose(link: Link, end: RemoteEnd): void {
    link.over(this.#now());
    this.#client?.lost(end);
  }

  #sayState(): void {
    const { state } = this;
    if (state === this.#said) return;
    this.#said = state;
    if (state === "up") this.#log.info("bus_up", {}, "every broker can be reached");
    else this.#log.warn("bus_degraded", {}, "other brokers cannot be reached; this one goes on");
  }
}
