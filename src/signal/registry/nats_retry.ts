import { CodedError } from "../../base/mod.ts";
import { unreachable } from "../bus/nats_buckets.ts";

/**
 * How long a request may wait for the bus, in milliseconds. When a NATS node dies that led a bucket,
 * the others take four to nine seconds to elect the next.
 */
const PATIENCE_MS = 12_000;

/**
 * The same while no NATS node is there at all, in milliseconds: a broker whose node died has another
 * within one second.
 */
const PATIENCE_ALONE_MS = 3_000;

/** How soon it is asked again, in milliseconds. */
const AGAIN_MS = 200;

/**
 * Asks the bus until it answers; what is asked must be the same when it is done twice. Errors that
 * are answers (`CodedError` but `bus_unreachable`) are passed on.
 *
 * Rejects with {@linkcode CodedError} `bus_unreachable` after 12 s, or 3 without any NATS node.
 */
export async function persist<T>(ask: () => Promise<T>): Promise<T> {
  const began = performance.now();
  while (true) {
    try {
      return await ask();
    } catch (error) {
      const alone = error instanceof CodedError && error.code === "bus_unreachable";
      if (error instanceof CodedError && !alone) throw error;
      const patience = alone ? PATIENCE_ALONE_MS : PATIENCE_MS;
      if (performance.now() - began > patience) throw unreachable(error);
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
