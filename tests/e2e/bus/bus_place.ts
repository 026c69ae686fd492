import assert from "node:assert/strict";
import type { BrokerOptions } from "../../../src/signal/mod.ts";
import type { BrokerClient } from "../broker_client.ts";
import { eventually } from "../eventually.ts";
import { ELECTED_WITHIN_MS, type NatsCluster } from "../nats_cluster.ts";
import { quietBroker } from "../small_page.ts";

/** A broker on a bus, in the test's own process, and what it logs. */
export type BusBroker = Awaited<ReturnType<typeof quietBroker>>;

/** Starts a broker on a bus. */
export function brokerOn(nats: NatsCluster, options: BrokerOptions = {}): Promise<BusBroker> {
  return quietBroker({ bus: nats.url, ...options });
}

/** What a broker says of itself. */
export async function health(
  broker: { url: string },
): Promise<{ ok: boolean; bus: string; origins: number; sessions: number }> {
  return await (await fetch(`${broker.url}/health`)).json();
}

/** Waits until a broker says so of its bus. */
export async function busIs(state: "up" | "degraded", broker: { url: string }): Promise<void> {
  await eventually(
    `the bus is ${state}`,
    async () => (await health(broker)).bus === state,
    ELECTED_WITHIN_MS,
  );
}

/** A call that is to reach its Host. */
export interface Call {
  readonly host: BrokerClient;
  readonly visitor: BrokerClient;
  readonly sessionId: string;
  /** @default "cafe" */
  readonly podId?: string;
}

/** Calls a pod; settles when its Host, which has no other, has got the offer. */
export async function offered({ host, visitor, sessionId, podId = "cafe" }: Call): Promise<void> {
  visitor.send({ t: "offer", podId, sessionId, sdp: "v=0" });
  assert.deepEqual(await host.next(), { t: "offer", sessionId, sdp: "v=0" });
}
