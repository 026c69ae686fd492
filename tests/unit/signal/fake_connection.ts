import { createLogger } from "../../../src/base/mod.ts";
import type { Connection } from "../../../src/signal/connection.ts";
import { Hub, type HubOptions } from "../../../src/signal/hub.ts";
import { DEFAULT_LIMITS } from "../../../src/signal/limits.ts";
import type { Member } from "../../../src/signal/member.ts";
import type { BrokerMessage } from "../../../src/signaling/mod.ts";

/** A client of a hub without a socket: what it got is in `got`. */
export interface FakeClient {
  readonly got: BrokerMessage[];
  /** How the hub closed its line, if it did. */
  closed(): { code: number; reason: string } | undefined;
  readonly member: Member;
  /** Whether it does not keep up with what it gets. */
  busy: boolean;
  /** Sends an object as JSON, or a text as it is. */
  say(message: unknown): void;
  /** The line goes down. */
  leave(): void;
}

/** A hub whose clock a test sets, and clients for it. */
export interface FakeHub {
  readonly hub: Hub;
  /** Milliseconds; may only grow. */
  now: number;
  client(address?: string): FakeClient;
}

/** Makes a hub with the default limits. */
export function fakeHub(options: Partial<HubOptions> = {}): FakeHub {
  const fake: FakeHub = {
    hub: new Hub({
      limits: DEFAULT_LIMITS,
      log: createLogger({ name: "signal", write: () => {} }),
      now: () => fake.now,
      ...options,
    }),
    now: 0,
    client(address = "192.0.2.1") {
      const got: BrokerMessage[] = [];
      let closed: ReturnType<FakeClient["closed"]>;
      const connection: Connection = {
        address,
        get busy() {
          return client.busy;
        },
        send: (message) => void got.push(message),
        close: (code, reason) => closed = { code, reason },
      };
      const member = fake.hub.join(connection);
      const client: FakeClient = {
        got,
        member,
        busy: false,
        closed: () => closed,
        say: (message) =>
          fake.hub.receive(
            member,
            typeof message === "string" ? message : JSON.stringify(message),
          ),
        leave: () => fake.hub.leave(member),
      };
      return client;
    },
  };
  return fake;
}
