import type { EventBus, HostEvent } from "../event_bus.ts";
import { EventReader } from "./event_reader.ts";
import { EventRing, type QueuedEvent } from "./event_ring.ts";
import { HttpError } from "./http_error.ts";

/** Which events a stream has: all, those of one pod, or those of one of its peers. */
export interface StreamScope {
  readonly podId?: string;
  readonly peerId?: string;
}

/** A reader who has nothing to read hears of it so often, in milliseconds. */
const BEAT_EVERY_MS = 15_000;

/** How many streams are open at once: windows of a browser and a few programs. */
const MAX_READERS = 64;

interface KeptEvent extends QueuedEvent {
  readonly event: HostEvent;
}

/**
 * The event stream: what the bus tells goes out to every reader whom it concerns, and is kept for a
 * while for readers who come back (host.md, "Loopback HTTP API").
 *
 * Begins to listen when the first reader comes: a Host that nobody looks at pays nothing for it.
 */
export class EventHub implements Disposable {
  readonly #bus: EventBus;
  readonly #beatEveryMs: number;
  readonly #recent = new EventRing<KeptEvent>();
  readonly #readers = new Map<EventReader, StreamScope>();
  #unsubscribe: (() => void) | undefined;
  #beating: ReturnType<typeof setInterval> | undefined;
  #state: "open" | "closed" = "open";

  constructor(bus: EventBus, options: { beatEveryMs?: number } = {}) {
    this.#bus = bus;
    this.#beatEveryMs = options.beatEveryMs ?? BEAT_EVERY_MS;
  }

  /** How many streams are open. */
  get readers(): number {
    return this.#readers.size;
  }

  /**
   * Opens a stream.
   *
   * Throws {@linkcode HttpError} 503 when there are too many, or the Host is being stopped.
   *
   * @param lastEventId the last event that the reader has; what came after it is sent first
   */
  open(scope: StreamScope, lastEventId?: number): ReadableStream<Uint8Array> {
    if (this.#state === "closed") throw new HttpError(503, "The Host is being stopped");
    if (this.#readers.size >= MAX_READERS) {
      throw new HttpError(503, `There are ${MAX_READERS} event streams open: close one`);
    }
    this.#unsubscribe ??= this.#bus.on("*", (event) => this.#take(event));
    const reader: EventReader = new EventReader(() => this.#forget(reader));
    this.#readers.set(reader, scope);
    this.#beating ??= setInterval(() => {
      for (const one of this.#readers.keys()) one.beat();
    }, this.#beatEveryMs);
    if (lastEventId !== undefined) {
      for (const kept of this.#recent.list()) {
        if (kept.id > lastEventId && concerns(kept.event, scope)) reader.push(kept);
      }
    }
    return reader.body;
  }

  /** Ends every stream behind what waits for its reader. */
  [Symbol.dispose](): void {
    this.#state = "closed";
    this.#unsubscribe?.();
    for (const reader of this.#readers.keys()) reader.end();
  }

  #take(event: HostEvent): void {
    const { id, type } = event.event;
    const text = `id: ${id}\ndata: ${jsonOf(event, type)}\n\n`;
    const kept = { id, text, event };
    this.#recent.push(kept);
    for (const [reader, scope] of this.#readers) {
      if (concerns(event, scope)) reader.push(kept);
    }
  }

  #forget(reader: EventReader): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    clearInterval(this.#beating);
    this.#beating = undefined;
  }
}

function concerns(event: HostEvent, { podId, peerId }: StreamScope): boolean {
  if (podId === undefined) return true;
  if (event.scope === "host" || event.podId !== podId) return false;
  if (peerId === undefined) return true;
  if (event.scope === "conversation") return event.peerId === peerId;
  return "peerId" in event.event && event.event.peerId === peerId;
}

/** A tool may answer with what has no JSON; that it did is told all the same. */
function jsonOf(event: HostEvent, type: string): string {
  try {
    return JSON.stringify(event);
  } catch {
    const { id, timestamp } = event.event;
    return JSON.stringify({ ...event, event: { id, type, timestamp } });
  }
}
