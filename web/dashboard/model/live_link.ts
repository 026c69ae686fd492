import { backoffDelay, CodedError } from "../../../src/base/mod.ts";
import { Observers } from "../../ui/observers.ts";
import type { HostApi } from "../api/host_api.ts";
import { type HostEvent, parseHostEvent } from "../api/host_event.ts";
import { hostInfo } from "../api/schemas.ts";
import { readEvents } from "../api/server_sent_events.ts";

/** How the page stands with the Host. */
export type LinkState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  /** `stopping`: the Host said that it would go. */
  | { readonly kind: "lost"; readonly why: "stopping" | "unreachable"; readonly reason: string };

/** What a {@linkcode LiveLink} needs. */
export interface LiveLinkOptions {
  readonly api: HostApi;
  /** The stream is open: what it does not tell has to be fetched. Rejects where that fails. */
  onOpen(signal: AbortSignal): Promise<void>;
  onEvent(event: HostEvent): void;
  /** Events were left out: this page reads more slowly than things happen. */
  onGap(): void;
  /** How long to wait before an attempt, in milliseconds. @default backoffDelay up to 3 s */
  readonly delay?: (attempt: number) => number;
  /** When the stream is silent for so long the Host is asked whether it is there. @default 20 s */
  readonly probeAfterMs?: number;
}

/** The Host is on this machine: asking it every few seconds costs nothing. */
const MAX_DELAY_MS = 3_000;

/** Comes before every id: the Host then sends what it keeps of what happened lately. */
const FROM_THE_START = "0";

/** Longer than the Host's own pings are apart. */
const PROBE_AFTER_MS = 20_000;

/**
 * Keeps the event stream of the Host open. When it breaks, it begins again by itself: with the token
 * of whatever Host is there now, and with everything fetched anew.
 */
export class LiveLink {
  readonly changes = new Observers();
  readonly #options: LiveLinkOptions;
  readonly #stopped = new AbortController();
  #state: LinkState = { kind: "connecting" };
  #stopping = false;
  /** The event that came last; ids grow from one Host to the next. */
  #lastId: string | undefined;
  #wake: () => void = () => {};

  constructor(options: LiveLinkOptions) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Runs until it is stopped; never rejects. */
  async run(): Promise<void> {
    const { delay = (attempt) => backoffDelay(attempt, { maxMs: MAX_DELAY_MS }) } = this.#options;
    for (let attempt = 0; !this.#stopped.signal.aborted; attempt++) {
      try {
        await this.#follow(() => attempt = 0);
      } catch (error) {
        if (this.#stopped.signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        this.#enter({ kind: "lost", why: this.#stopping ? "stopping" : "unreachable", reason });
      }
      await this.#pause(delay(attempt));
    }
  }

  /** Tries at once where it waits. */
  tryNow(): void {
    this.#wake();
  }

  stop(): void {
    this.#stopped.abort();
    this.#wake();
  }

  /** One stream, from its beginning to its end, which is always a failure. */
  async #follow(onLive: () => void): Promise<never> {
    const { api, onOpen, onEvent, onGap } = this.#options;
    const broken = new AbortController();
    const signal = AbortSignal.any([this.#stopped.signal, broken.signal]);
    await api.authenticate(signal);
    const body = await api.events(this.#lastId ?? FROM_THE_START, signal);
    const watch = this.#watchSilence(broken);
    try {
      const events = readEvents(body, () => watch.heard());
      // What happens while everything is fetched waits in the stream.
      await onOpen(signal);
      onLive();
      this.#stopping = false;
      this.#enter({ kind: "live" });
      for await (const { id, data } of events) {
        if (leavesOut(this.#lastId, id)) onGap();
        this.#lastId = id;
        const event = parseHostEvent(data);
        if (event === undefined) continue;
        if (event.scope === "host" && isStopping(event)) this.#stopping = true;
        onEvent(event);
      }
      throw new CodedError("stream_ended", "the Host ended the event stream");
    } finally {
      watch.stop();
      broken.abort();
    }
  }

  /** A laptop that slept may hold a stream that is dead and does not know. */
  #watchSilence(broken: AbortController): { heard(): void; stop(): void } {
    const { api, probeAfterMs = PROBE_AFTER_MS } = this.#options;
    let heard = true;
    const timer = setInterval(() => {
      if (!heard) {
        api.request("/host", hostInfo, { signal: broken.signal })
          .catch((error: unknown) => broken.abort(error));
      }
      heard = false;
    }, probeAfterMs);
    return { heard: () => heard = true, stop: () => clearInterval(timer) };
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #enter(state: LinkState): void {
    this.#state = state;
    this.changes.notify();
  }
}

/** The ids of events grow by one. */
function leavesOut(before: string | undefined, now: string | undefined): boolean {
  return before !== undefined && now !== undefined && Number(now) > Number(before) + 1;
}

function isStopping({ event }: Extract<HostEvent, { scope: "host" }>): boolean {
  return event.type === "other" && event.name === "host_stopping";
}
