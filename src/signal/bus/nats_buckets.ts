import {
  jetstream,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
} from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import { type ObjectStore, Objm } from "@nats-io/obj";
import type { NatsConnection } from "@nats-io/transport-node";
import { CodedError, errorMessage } from "../../base/mod.ts";
import { JETSTREAM_WITHIN_MS, REGISTRATION_TTL_MS } from "./limits.ts";
import type { NatsLine } from "./nats_line.ts";

/** Who has which pod. Passes away by itself. */
export const ORIGINS = "gemmapod-origins";
/** Records of pages, claims, hits. */
export const RECORDS = "gemmapod-records";
/** Pages. */
export const PAGES = "gemmapod-pages";

/** Copies in a cluster: one node may die. */
const CLUSTER_REPLICAS = 3;

/** What all brokers keep on the bus. */
export interface NatsBuckets {
  readonly manager: JetStreamManager;
  readonly origins: KV;
  readonly records: KV;
  readonly pages: ObjectStore;
}

/**
 * Opens the buckets of the bus when they are first needed, and makes those that are not there. One
 * that an operator has made beforehand, with other replicas or on other disks, stays as it is.
 */
export class NatsStores {
  readonly #line: NatsLine;
  #buckets: Promise<NatsBuckets> | undefined;

  constructor(line: NatsLine) {
    this.#line = line;
  }

  /** Rejects with {@linkcode CodedError} `bus_unreachable` while it is. */
  async open(): Promise<NatsBuckets> {
    const { connection, up } = this.#line;
    if (connection === undefined || !up) throw unreachable(undefined);
    this.#buckets ??= open(connection);
    try {
      return await this.#buckets;
    } catch (error) {
      this.#buckets = undefined; // the next one tries again
      throw error;
    }
  }
}

/** That the bus does not answer, for the person who waits. */
export function unreachable(cause: unknown): CodedError {
  return new CodedError(
    "bus_unreachable",
    "The broker cannot reach its storage now: try again in a minute",
    { cause },
  );
}

/** Whether JetStream refused a write because what is there has changed. */
export function isConflict(error: unknown): boolean {
  return error instanceof JetStreamApiError &&
    (error.code === JetStreamApiCodes.StreamWrongLastSequence ||
      error.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown);
}

/**
 * Whether JetStream can be used at all.
 *
 * Rejects with {@linkcode CodedError} `bus_without_jetstream`; a cluster that is about to elect its
 * leader is none of its business.
 */
export async function checkJetStream(connection: NatsConnection): Promise<void> {
  try {
    await jetstreamManager(connection, { timeout: JETSTREAM_WITHIN_MS });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "JetStreamNotEnabled") return;
    throw new CodedError(
      "bus_without_jetstream",
      "Cannot use the bus: its NATS has no JetStream; start nats-server with --jetstream",
      { cause: error },
    );
  }
}

/** Waits until a bucket answers: one that was just made has no leader for a moment, nor an error. */
async function led(connection: NatsConnection, bucket: string): Promise<void> {
  const impatient = new Kvm(jetstream(connection, { timeout: JETSTREAM_WITHIN_MS / 10 }));
  const handle = await impatient.open(bucket, { allow_direct: false });
  for (let attempt = 0; attempt < 10; attempt++) {
    if (await handle.get("nobody").then(() => true, () => false)) return;
  }
  throw new Error(`the bucket ${bucket} has no leader`);
}

async function open(connection: NatsConnection): Promise<NatsBuckets> {
  const client = jetstream(connection, { timeout: JETSTREAM_WITHIN_MS });
  const manager = await client.jetstreamManager();
  const kvm = new Kvm(client);
  const replicas = connection.info?.cluster === undefined ? 1 : CLUSTER_REPLICAS;
  try {
    // Read where they are written, at the leader: what was put is there for everybody.
    const origins = await kvm.create(ORIGINS, {
      replicas,
      ttl: REGISTRATION_TTL_MS,
      allow_direct: false,
      description: "gemmapod: which broker has which Host",
    });
    await kvm.create(RECORDS, {
      replicas,
      allow_direct: true,
      description: "gemmapod: records of pages",
    });
    const records = await kvm.open(RECORDS, { allow_direct: false });
    const pages = await new Objm(client).create(PAGES, {
      replicas,
      description: "gemmapod: pages",
    });
    await Promise.all([ORIGINS, RECORDS].map((bucket) => led(connection, bucket)));
    return { manager, origins, records, pages };
  } catch (cause) {
    throw new CodedError(
      "bus_unreachable",
      `Cannot open the buckets of the bus, which want ${replicas} NATS nodes with JetStream: ` +
        errorMessage(cause),
      { cause },
    );
  }
}
