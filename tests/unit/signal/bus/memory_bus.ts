import { createLogger } from "../../../../src/base/mod.ts";
import {
  type BusMessage,
  encodeBusMessage,
  parseBusMessage,
} from "../../../../src/signal/bus/bus_message.ts";
import { newName } from "../../../../src/signal/bus/names.ts";
import {
  type Registration,
  Registrations,
  type RegistrationStore,
  type StoredRegistration,
} from "../../../../src/signal/bus/registrations.ts";
import { Switchboard } from "../../../../src/signal/bus/switchboard.ts";
import type { Wire, WireListener } from "../../../../src/signal/bus/wire.ts";
import { type FakeHub, fakeHub } from "../fake_connection.ts";

/** A bus without a network: what is sent arrives when a test says so. */
export class MemoryBus {
  /** Whether the store answers. */
  storeUp = true;
  /** What of the messages between brokers is lost. */
  loses: (message: BusMessage) => boolean = () => false;
  /** Everything that was sent, lost or not. */
  readonly sent: BusMessage[] = [];
  readonly #brokers = new Map<string, Joined>();
  readonly #stored = new Map<string, StoredRegistration>();
  readonly #queue: (() => void)[] = [];
  #revision = 0;

  /** A hub that is on this bus. */
  join(): BusHub {
    const broker = newName();
    const log = createLogger({ name: "signal", write: () => {} });
    const joined: Joined = { up: true, pods: new Set(), listener: undefined };
    this.#brokers.set(broker, joined);
    const registrations = new Registrations({
      broker,
      store: this.#storeFor(joined),
      log,
      now: () => fake.now,
    });
    const bus = new Switchboard({
      broker,
      wire: this.#wireFor(broker, joined),
      registrations,
      log,
      now: () => fake.now,
    });
    const fake: FakeHub = fakeHub({ bus });
    return Object.assign(fake, {
      broker,
      bus,
      registrations,
      wire(state: "up" | "down") {
        joined.up = state === "up";
        joined.listener?.changed();
      },
      [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
    });
  }

  /** Delivers all that was sent, and what is sent in answer to it. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 20; quiet++) {
      await Promise.resolve(); // what waits for the store goes on
      const next = this.#queue.shift();
      if (next === undefined) continue;
      quiet = 0;
      next();
    }
  }

  /** Sends as no broker of ours would. */
  inject(broker: string, bytes: Uint8Array): void {
    const message = parseBusMessage(bytes);
    if (message !== undefined) this.#brokers.get(broker)?.listener?.message(message);
  }

  #storeFor(joined: Joined): RegistrationStore {
    const ask = async (): Promise<void> => {
      await Promise.resolve();
      if (!this.storeUp || !joined.up) throw new Error("the store does not answer");
    };
    const replace = (podId: string, registration: Registration | undefined, revision: number) => {
      if ((this.#stored.get(podId)?.revision ?? 0) !== revision) return undefined;
      this.#stored.set(podId, { registration, revision: ++this.#revision });
      return this.#revision;
    };
    return {
      get: async (podId) => {
        await ask();
        return this.#stored.get(podId);
      },
      put: async (podId, registration, revision) => {
        await ask();
        return replace(podId, registration, revision);
      },
      remove: async (podId, revision) => {
        await ask();
        replace(podId, undefined, revision);
      },
    };
  }

  #wireFor(broker: string, joined: Joined): Wire {
    const send = (to: Joined | undefined, message: BusMessage) => {
      if (!joined.up) return;
      this.sent.push(message);
      if (this.loses(message)) return;
      const bytes = encodeBusMessage(message);
      this.#queue.push(() => {
        const read = parseBusMessage(bytes);
        if (to?.up && read !== undefined) return to.listener?.message(read);
        if (message.t === "say") joined.listener?.nobody(message.link);
      });
    };
    return {
      get up() {
        return joined.up;
      },
      listen: (listener) => joined.listener = listener,
      join: (podId) => void joined.pods.add(podId),
      leave: (podId) => void joined.pods.delete(podId),
      toBroker: (to, message) => send(this.#brokers.get(to), message),
      toPod: (podId, message) =>
        send([...this.#brokers.values()].find(({ up, pods }) => up && pods.has(podId)), message),
      [Symbol.asyncDispose]: () => {
        joined.up = false;
        this.#brokers.delete(broker);
        return Promise.resolve();
      },
    };
  }
}

interface Joined {
  up: boolean;
  readonly pods: Set<string>;
  listener: WireListener | undefined;
}

/** A hub on a {@linkcode MemoryBus}. */
export interface BusHub extends FakeHub, AsyncDisposable {
  /** Its name on the bus. */
  readonly broker: string;
  readonly bus: Switchboard;
  readonly registrations: Registrations;
  /** Plugs its wire in, or out. */
  wire(state: "up" | "down"): void;
}
