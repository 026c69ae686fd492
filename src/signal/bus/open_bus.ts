import type { Logger } from "../../base/mod.ts";
import type { Registry } from "../registry/registry.ts";
import { natsRegistry } from "../registry/nats_registry.ts";
import type { Bus } from "./bus.ts";
import { parseBusAddress } from "./bus_address.ts";
import { newName } from "./names.ts";
import { checkJetStream, NatsStores } from "./nats_buckets.ts";
import { NatsLine } from "./nats_line.ts";
import { natsRegistrations } from "./nats_registrations.ts";
import { natsWire } from "./nats_wire.ts";
import { Registrations } from "./registrations.ts";
import { Switchboard } from "./switchboard.ts";

/** Options of {@linkcode openBus}. */
export interface OpenBusOptions {
  log: Logger;
  /** Where uploads are written while they come in. @default a folder of its own among the temporary ones */
  spoolDir?: string;
}

/** What brokers share. */
export interface OpenedBus {
  readonly bus: Bus;
  /** Pages, records and claims of all of them; to be closed before the bus. */
  readonly registry: Registry;
}

/**
 * Joins the brokers that share a NATS. To be loaded when it is wanted: a broker alone needs no NATS.
 *
 * A NATS that does not answer is no reason not to start. A broker without it still introduces its
 * own visitors and Hosts, says `degraded` in `/health`, and joins the others when NATS is there; if
 * it refused instead, a deployment during an outage of NATS would take everything down. What no
 * waiting mends is refused at once.
 *
 * Rejects with `CodedError` `bad_bus`, `bus_refused` for wrong credentials, `bus_without_jetstream`.
 */
export async function openBus(url: string, options: OpenBusOptions): Promise<OpenedBus> {
  const { log, spoolDir } = options;
  const line = await NatsLine.open(parseBusAddress(url), log);
  try {
    if (line.connection !== undefined) await checkJetStream(line.connection);
  } catch (error) {
    await line[Symbol.asyncDispose]();
    throw error;
  }
  const broker = newName();
  const stores = new NatsStores(line);
  const registrations = new Registrations({ broker, store: natsRegistrations(stores), log });
  if (line.up) await registrations.refresh(); // makes the buckets, where this broker is the first
  const bus = new Switchboard({ broker, wire: natsWire(line, broker, log), registrations, log });
  return { bus, registry: natsRegistry(stores, { log, ...(spoolDir && { spoolDir }) }) };
}
