import { CodedError, errorMessage, type Logger } from "../../base/mod.ts";
import type { EventLog, LoggedEvent } from "./event_log.ts";

/** How long events are gathered before they are written, in milliseconds: one write for many. */
const WRITE_EVERY_MS = 200;

/** How many wait at most where the disk is full or locked; then the oldest are lost. */
const MAX_WAITING = 5_000;

/**
 * Writes events to the log a moment after they happened, several at once. A log that cannot be
 * written is said once, is tried again, and never ends or slows a chat.
 */
export class EventLogWriter implements Disposable {
  readonly #open: () => EventLog;
  readonly #log: Logger;
  #events: LoggedEvent[] = [];
  #eventLog: EventLog | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saidFailure = false;

  /** @param open called at the first write; when it throws, again at the next */
  constructor(open: () => EventLog, log: Logger) {
    this.#open = open;
    this.#log = log;
  }

  add(event: LoggedEvent): void {
    this.#events.push(event);
    if (this.#events.length > MAX_WAITING) this.#events.shift();
    this.#timer ??= setTimeout(() => this.flush(), WRITE_EVERY_MS);
  }

  /** Writes what waits. Never throws. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#events.length === 0) return;
    try {
      this.#eventLog ??= this.#open();
      this.#eventLog.append(this.#events);
      this.#events = [];
      this.#saidFailure = false;
    } catch (error) {
      if (error instanceof CodedError) this.#events = []; // a newer schema stays one
      if (this.#saidFailure) return;
      this.#saidFailure = true;
      const reason = errorMessage(error);
      this.#log.warn("event_log_failed", { reason }, `cannot write the event log: ${reason}`);
    }
  }

  [Symbol.dispose](): void {
    this.flush();
    clearTimeout(this.#timer);
    this.#eventLog?.[Symbol.dispose]();
    this.#eventLog = undefined;
  }
}
