import { CodedError, errorMessage, type Logger } from "../../base/mod.ts";
import type { EventLog, LoggedEvent } from "./event_log.ts";

/** How long events are gathered before they are written, in milliseconds: one write for many. */
const WRITE_EVERY_MS = 200;

/** How long until it is tried again, in milliseconds: the whole Host waits for each attempt. */
const RETRY_MS = 5_000;

/** How many wait at most where the disk is full or locked; then the oldest are lost. */
const MAX_WAITING = 5_000;

/**
 * Writes events to the log a moment after they happened, several at once. A log that cannot be
 * written is said once, is tried again, and never ends or slows a chat.
 */
export class EventLogWriter implements Disposable {
  readonly #open: () => EventLog;
  readonly #log: Logger;
  readonly #retryMs: number;
  #events: LoggedEvent[] = [];
  #eventLog: EventLog | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saidFailure = false;
  #state: "open" | "closed" = "open";

  /**
   * @param open called at the first write; when it throws, again at the next
   * @param retryMs how long until the next after one that failed
   */
  constructor(open: () => EventLog, log: Logger, retryMs: number = RETRY_MS) {
    this.#open = open;
    this.#log = log;
    this.#retryMs = retryMs;
  }

  /** Takes an event; one that comes after the end is lost. */
  add(event: LoggedEvent): void {
    if (this.#state === "closed") return;
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
      if (this.#state === "open") this.#timer = setTimeout(() => this.flush(), this.#retryMs);
      if (this.#saidFailure) return;
      this.#saidFailure = true;
      const reason = errorMessage(error);
      this.#log.warn("event_log_failed", { reason }, `cannot write the event log: ${reason}`);
    }
  }

  [Symbol.dispose](): void {
    this.#state = "closed";
    this.flush();
    clearTimeout(this.#timer);
    this.#eventLog?.[Symbol.dispose]();
    this.#eventLog = undefined;
  }
}
