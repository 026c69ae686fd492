import type { Logger } from "../base/mod.ts";
import type { Bus } from "./bus/bus.ts";
import { memoryRegistry } from "./registry/memory_registry.ts";
import type { Registry } from "./registry/registry.ts";

/** Where a broker is told to keep pages. */
export interface RegistryOptions {
  /**
   * Keeps pages in a folder. Without it they are in memory, and gone with the process. With a `bus`
   * only uploads are written here, while they come in.
   */
  dataDir?: string;
  /**
   * Other brokers, by way of NATS: `nats://a,nats://b`. They share pages, and a visitor of one
   * reaches the Hosts of all.
   */
  bus?: string;
  /** Another place for pages; wins over `dataDir`. Closed with the broker. */
  registry?: Registry;
}

/** What a broker keeps pages in, and the bus that it may share with others. */
export interface Opened {
  readonly registry: Registry;
  readonly bus: Bus | undefined;
}

/**
 * Opens what a broker keeps pages in. Rejects with `CodedError` `bad_data_dir`, or what `openBus`
 * rejects with.
 */
export async function openRegistry(options: RegistryOptions, log: Logger): Promise<Opened> {
  const { registry, dataDir, bus } = options;
  if (bus !== undefined) return await openShared(bus, options, log);
  if (registry !== undefined) return { registry, bus: undefined };
  if (dataDir !== undefined) {
    // Loaded on demand: a broker that keeps nothing needs no database.
    const { sqliteRegistry } = await import("./registry/sqlite_registry.ts");
    return { registry: await sqliteRegistry(dataDir, { log }), bus: undefined };
  }
  log.warn("memory_registry", {}, "pages are kept in memory, and gone when this broker stops");
  return { registry: memoryRegistry(), bus: undefined };
}

async function openShared(
  url: string,
  { registry, dataDir }: RegistryOptions,
  log: Logger,
): Promise<Opened> {
  const { openBus } = await import("./bus/open_bus.ts"); // a broker alone needs no NATS
  const shared = await openBus(url, { log, ...(dataDir && { spoolDir: dataDir }) });
  return { bus: shared.bus, registry: registry ?? shared.registry };
}
