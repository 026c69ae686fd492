/** An event, ready to be sent. */
export interface QueuedEvent {
  /** Grows from event to event. */
  readonly id: number;
  /** As server-sent events want it, with its empty line. */
  readonly text: string;
}

/** How many events wait for one reader, or are kept for one that comes back (host.md). */
const MAX_EVENTS = 1_000;

/** And how many characters of them: an answer may be long, and a thousand of them are too many. */
const MAX_CHARS = 8 * 1024 * 1024;

/** The newest events, so many as there is room for: the oldest go first. */
export class EventRing<T extends QueuedEvent> {
  #events: T[] = [];
  /** Where the oldest event stands in the list; what is before it is gone. */
  #from = 0;
  #chars = 0;

  get size(): number {
    return this.#events.length - this.#from;
  }

  /** Adds an event. Returns how many had to go for it. */
  push(event: T): number {
    this.#events.push(event);
    this.#chars += event.text.length;
    let dropped = 0;
    while (this.size > 1 && (this.size > MAX_EVENTS || this.#chars > MAX_CHARS)) {
      this.shift();
      dropped++;
    }
    return dropped;
  }

  /** Takes the oldest event out. */
  shift(): T | undefined {
    const event = this.#events[this.#from];
    if (event === undefined) return undefined;
    this.#from++;
    this.#chars -= event.text.length;
    if (this.#from > MAX_EVENTS) {
      this.#events = this.#events.slice(this.#from);
      this.#from = 0;
    }
    return event;
  }

  /** Everything, oldest first. */
  list(): readonly T[] {
    return this.#events.slice(this.#from);
  }
}
