import { createInTurn } from "./in_turn.ts";
import type { RuntimeEvent } from "./runtime_event.ts";

/** One event of the bus, by its type. */
export type RuntimeEventOf<T extends RuntimeEvent["type"]> = Extract<RuntimeEvent, { type: T }>;

/** The events of one runtime, typed (seed 003, section 6). */
export interface RuntimeEventBus {
  /** Hears every event of a type; returns how to stop. */
  on<T extends RuntimeEvent["type"]>(
    type: T,
    handler: (event: RuntimeEventOf<T>) => void,
  ): () => void;
  /** Hears the next event of a type. */
  once<T extends RuntimeEvent["type"]>(
    type: T,
    handler: (event: RuntimeEventOf<T>) => void,
  ): () => void;
  /**
   * Tells every handler, in the order in which they came. An event that a handler emits waits until
   * all have heard the one before.
   */
  emit(event: RuntimeEvent): void;
}

type AnyHandler = (event: RuntimeEvent) => void;

/**
 * A bus whose handlers cannot hurt each other: one that throws is reported as `runtime.error`
 * (`handler_failed`), and the others still hear the event.
 */
export function createEventBus(): RuntimeEventBus {
  // Arrays are replaced and never changed, so that a handler may come or go while one is walked.
  const handlers = new Map<RuntimeEvent["type"], readonly AnyHandler[]>();

  function on<T extends RuntimeEvent["type"]>(
    type: T,
    handler: (event: RuntimeEventOf<T>) => void,
  ): () => void {
    // Its own function, so that one handler may subscribe twice; only events of `type` reach it.
    const own: AnyHandler = (event) => handler(event as RuntimeEventOf<T>);
    handlers.set(type, [...handlers.get(type) ?? [], own]);
    return () => {
      handlers.set(type, (handlers.get(type) ?? []).filter((other) => other !== own));
    };
  }

  const emit = createInTurn(tell);

  function tell(event: RuntimeEvent): void {
    for (const handler of handlers.get(event.type) ?? []) {
      try {
        handler(event);
      } catch (thrown) {
        report(event, thrown);
      }
    }
  }

  function report(event: RuntimeEvent, thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (event.type === "runtime.error") {
      console.error("gemmapod: a handler of runtime.error failed", error);
      return;
    }
    tell({
      type: "runtime.error",
      error,
      code: "handler_failed",
      message: `A handler of ${event.type} failed: ${error.message}`,
    });
  }

  return {
    on,
    once(type, handler) {
      const off = on(type, (event) => {
        off();
        handler(event);
      });
      return off;
    },
    emit,
  };
}
