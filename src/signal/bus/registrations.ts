import { errorMessage, type Logger } from "../../base/mod.ts";
import { PUTS_AT_ONCE, REFRESH_AFTER_OUTAGE_MS, REFRESH_MS, RETRY_MS } from "./limits.ts";
import { Slots } from "./slots.ts";

/** Who has a pod. */
export interface Registration {
  readonly broker: string;
  /**
   * When, in milliseconds of the Unix epoch, and always later than of the registration before it:
   * of two, the later one holds, wherever they meet. What clocks say matters only for two that came
   * while the bus was away.
   */
  readonly since: number;
}

/** What the store has of a pod: a registration, or that there was one. */
export interface StoredRegistration {
  readonly registration: Registration | undefined;
  readonly revision: number;
}

/** Registrations that all brokers share and that pass away unless they are put again. */
export interface RegistrationStore {
  /** What every broker has agreed on; never something older. */
  get(podId: string): Promise<StoredRegistration | undefined>;
  /** Puts one in the place of a revision, 0 for none. The new revision, or undefined where it has changed. */
  put(podId: string, registration: Registration, revision: number): Promise<number | undefined>;
  /** Removes one if it is still of this revision. */
  remove(podId: string, revision: number): Promise<void>;
}

/** What registrations tell. */
export interface RegistrationsListener {
  /** A pod of ours was registered later by another broker. */
  replaced(podId: string): void;
  /** A pod of ours was another broker's before. */
  overtook(podId: string, broker: string): void;
  /** `healthy` changed. */
  changed(): void;
}

/** What {@linkcode Registrations} are made with. */
export interface RegistrationsOptions {
  /** The name of this broker on the bus. */
  broker: string;
  store: RegistrationStore;
  log: Logger;
  /**
   * The time of day.
   * @default Date.now
   */
  now?: () => number;
}

interface Entry {
  readonly podId: string;
  since: number;
  revision: number;
  /** The put in progress. */
  putting: Promise<void> | undefined;
  /** Whether another look at it waits for that. */
  waits: boolean;
}

/** Puts that may be overtaken by another's before one settles. */
const ATTEMPTS = 8;

/**
 * The pods of this broker's Hosts, as the other brokers know them. State, not events: whatever was
 * missed while the bus was away is found when everything is put again, so that there is nothing to
 * watch and no watcher to break.
 */
export class Registrations {
  readonly #broker: string;
  readonly #store: RegistrationStore;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #slots = new Slots(PUTS_AT_ONCE);
  #listener: RegistrationsListener | undefined;
  #healthy = true;
  #wireUp = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refreshing = false;
  /** Whether the line broke while everything was put again, and what came before may be outdated. */
  #again = false;
  /** When to put everything again after an outage, before the usual pace is taken up. */
  #nextMs: number[] = [];
  #stopped = false;

  constructor(options: RegistrationsOptions) {
    this.#broker = options.broker;
    this.#store = options.store;
    this.#log = options.log;
    this.#now = options.now ?? Date.now;
  }

  /** Whether the store answered when it was last asked. */
  get healthy(): boolean {
    return this.#healthy;
  }

  listen(listener: RegistrationsListener): void {
    this.#listener = listener;
    this.#refreshIn(REFRESH_MS);
  }

  /** The wire came up: everything is put again, since nobody knows what was missed. */
  wireIs(state: "up" | "down"): void {
    const came = state === "up" && !this.#wireUp;
    this.#wireUp = state === "up";
    if (!came) return;
    this.#nextMs = [...REFRESH_AFTER_OUTAGE_MS];
    this.#refreshIn(0);
  }

  /** Never rejects; settles when all brokers know, or when it is clear that they cannot now. */
  async register(podId: string): Promise<void> {
    const before = this.#entries.get(podId);
    const entry: Entry = {
      podId,
      since: this.#now(),
      revision: before?.revision ?? 0,
      putting: undefined,
      waits: false,
    };
    this.#entries.set(podId, entry);
    // Whoever comes while the bus is away is not newer than all that came elsewhere meanwhile.
    if (this.#wireUp && this.#healthy) await this.#put(entry, "newest");
  }

  unregister(podId: string): void {
    const entry = this.#entries.get(podId);
    this.#entries.delete(podId);
    if (entry !== undefined && this.#wireUp) this.#forget(entry);
  }

  /** Looks at a pod of ours now: somebody says that it was registered elsewhere. */
  check(podId: string): void {
    const entry = this.#entries.get(podId);
    if (entry === undefined || entry.waits) return;
    entry.waits = true;
    this.#put(entry, "as it is");
  }

  /** Where a pod is registered that no broker answers for. */
  async find(podId: string): Promise<"somewhere" | "nowhere" | "unknown"> {
    try {
      const stored = await this.#store.get(podId);
      const broker = stored?.registration?.broker;
      return broker === undefined || broker === this.#broker ? "nowhere" : "somewhere";
    } catch (error) {
      this.#failed(error);
      return "unknown";
    }
  }

  /** Puts everything again; whoever was replaced meanwhile is told. */
  async refresh(): Promise<void> {
    if (this.#stopped) return;
    if (this.#refreshing) {
      this.#again = true;
      return;
    }
    this.#refreshing = true;
    // The store is asked for something even where there is nothing to put: it may be back.
    let answered = this.#entries.size > 0 || await this.find("") !== "unknown";
    const rest = this.#entries.values(); // shared: each takes the next one
    await Promise.all(Array.from({ length: PUTS_AT_ONCE }, async () => {
      for (const entry of rest) {
        answered = answered && await this.#put(entry, "as it is");
        if (!answered) return; // no need to ask for 5,000 more
      }
    }));
    this.#refreshing = false;
    this.#setHealthy(answered);
    if (!answered) this.#refreshIn(RETRY_MS);
    else this.#refreshIn(this.#again ? 0 : this.#nextMs.shift() ?? REFRESH_MS);
    this.#again = false;
  }

  /** Nothing is put any more. What stands stays until it passes away: its Hosts are on their way. */
  stop(): void {
    this.#stopped = true;
    this.#entries.clear();
    clearTimeout(this.#timer);
  }

  #refreshIn(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.refresh(), ms);
  }

  /** Whether the store answered. One put of an entry at a time: the next builds on its revision. */
  async #put(entry: Entry, rank: "newest" | "as it is"): Promise<boolean> {
    while (entry.putting !== undefined) await entry.putting;
    entry.waits = false;
    if (!this.#stands(entry)) return true;
    const done = Promise.withResolvers<void>();
    entry.putting = done.promise;
    try {
      await this.#slots.run(() => this.#settle(entry, rank));
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    } finally {
      entry.putting = undefined;
      done.resolve();
    }
  }

  async #settle(entry: Entry, rank: "newest" | "as it is"): Promise<void> {
    let overtaken: string | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { podId, since, revision } = entry;
      const put = await this.#store.put(podId, { broker: this.#broker, since }, revision);
      if (put !== undefined) {
        entry.revision = put;
        if (overtaken !== undefined) this.#listener?.overtook(podId, overtaken);
        if (!this.#entries.has(podId)) this.#forget(entry); // its Host left meanwhile
        return;
      }
      const stored = await this.#store.get(podId);
      if (!this.#stands(entry)) return;
      const other = stored?.registration;
      if (other !== undefined && other.broker !== this.#broker) {
        if (rank === "newest") entry.since = Math.max(entry.since, other.since + 1);
        else if (isLater(other, { broker: this.#broker, since })) {
          this.#entries.delete(podId);
          this.#listener?.replaced(podId);
          return;
        }
        overtaken = other.broker;
      }
      entry.revision = stored?.revision ?? 0;
    }
    throw new Error("the registration changes faster than it can be put");
  }

  #stands(entry: Entry): boolean {
    return this.#entries.get(entry.podId) === entry;
  }

  #forget({ podId, revision }: Entry): void {
    if (revision === 0) return; // it was never put
    // If it fails it passes away by itself.
    this.#store.remove(podId, revision).catch((error) => this.#failed(error));
  }

  #failed(error: unknown): void {
    if (this.#stopped || !this.#healthy) return;
    this.#log.warn("bus_failed", { error: errorMessage(error) });
    this.#setHealthy(false);
    if (!this.#refreshing) this.#refreshIn(RETRY_MS);
  }

  #setHealthy(healthy: boolean): void {
    if (this.#healthy === healthy) return;
    this.#healthy = healthy;
    if (healthy) this.#nextMs = [...REFRESH_AFTER_OUTAGE_MS];
    this.#listener?.changed();
  }
}

/** Whether one registration is later than another; brokers break a tie the same way everywhere. */
function isLater(one: Registration, other: Registration): boolean {
  return one.since === other.since ? one.broker > other.broker : one.since > other.since;
}
