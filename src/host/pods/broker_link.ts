import { backoffDelay, type Logger } from "../../base/mod.ts";
import {
  type CandidateInit,
  CLOSE_CODE,
  type HostLine,
  hostOver,
  type IncomingOffer,
  type SocketLike,
} from "../../signaling/mod.ts";

/**
 * How a pod stands with its broker. `taken_over`: another Host registered it; `refused`: the broker
 * says that it is somebody else's. Neither tries again by itself (signaling.md).
 */
export type SignalState =
  | "connecting"
  | "connected"
  | "disconnected"
  | "taken_over"
  | "refused"
  | "stopped";

/** What a {@linkcode BrokerLink} needs. */
export interface BrokerLinkOptions {
  /** `ws:` or `wss:`. */
  readonly url: string;
  readonly podId: string;
  readonly log: Logger;
  onOffer(offer: IncomingOffer): void;
  onCandidate(sessionId: string, candidate: CandidateInit | null): void;
  /** A session that the broker or its visitor gave up. */
  onSessionError(sessionId: string, message: string): void;
  onState(state: SignalState, reason?: string): void;
  /** @default a standard WebSocket */
  readonly openSocket?: (url: string) => SocketLike;
  /** @default backoffDelay */
  readonly delay?: (attempt: number) => number;
}

/** How long a broker may take from the dial to `registered`, in milliseconds. */
const REGISTER_WITHIN_MS = 15_000;

/** A line that held so long was a good one: the next loss begins with the shortest wait again. */
const GOOD_AFTER_MS = 10_000;

/**
 * One pod's line to its broker, for as long as the pod is served: registers, hands over offers,
 * comes back by itself after 0.5 s doubling to 60 s with full jitter (host.md, "Life of a pod").
 */
export class BrokerLink implements Disposable {
  readonly #options: BrokerLinkOptions;
  #line: HostLine | undefined;
  #state: SignalState = "connecting";
  #attempt = 0;
  #registeredAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the loss that is going on has been said. */
  #saidLoss = false;

  constructor(options: BrokerLinkOptions) {
    this.#options = options;
  }

  get state(): SignalState {
    return this.#state;
  }

  /** Dials, and again whenever the line is lost. */
  start(): void {
    this.#dial();
  }

  answer(sessionId: string, sdp: string): void {
    this.#line?.answer(sessionId, sdp);
  }

  candidate(sessionId: string, candidate: CandidateInit | null): void {
    this.#line?.candidate(sessionId, candidate);
  }

  /** Refuses an offer, with a reason for the visitor. */
  refuse(sessionId: string, message: string): void {
    this.#line?.error(sessionId, message);
  }

  /** Leaves the broker. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#line?.close();
    this.#line = undefined;
    this.#enter("stopped");
  }

  #dial(): void {
    const { url, podId, openSocket = (address: string) => new WebSocket(address) } = this.#options;
    let complaint: string | undefined;
    const line = hostOver(openSocket(url), {
      podIds: [podId],
      onRegistered: () => this.#onRegistered(),
      onOffer: (offer) => this.#options.onOffer(offer),
      onCandidate: (sessionId, candidate) => this.#options.onCandidate(sessionId, candidate),
      onError: ({ sessionId, message }) => {
        if (sessionId === undefined) complaint = message;
        else this.#options.onSessionError(sessionId, message);
      },
      onClose: ({ code, reason }) => this.#onClose(code, complaint ?? reason),
    });
    this.#line = line;
    this.#timer = setTimeout(() => {
      line.close();
      this.#onClose(0, complaint ?? "the broker does not answer");
    }, REGISTER_WITHIN_MS);
  }

  #onRegistered(): void {
    clearTimeout(this.#timer);
    const { log, podId, url } = this.#options;
    this.#registeredAt = performance.now();
    if (this.#saidLoss) {
      log.info("signal_back", { pod: podId }, `registered again for pod ${podId} at ${url}`);
    } else {
      log.info("registered", { pod: podId }, `registered for pod ${podId}`);
    }
    this.#saidLoss = false;
    this.#enter("connected");
  }

  #onClose(code: number, reason: string): void {
    clearTimeout(this.#timer);
    this.#line = undefined;
    const { log, podId, url, delay = backoffDelay } = this.#options;
    const wasUp = this.#state === "connected";
    const held = wasUp ? performance.now() - this.#registeredAt : 0;
    switch (code) {
      case CLOSE_CODE.REPLACED:
        log.warn(
          "taken_over",
          { pod: podId },
          `pod ${podId} was taken over by another Host; run it again to take it back`,
        );
        return this.#enter("taken_over", "taken over by another Host");
      case CLOSE_CODE.CLAIMED:
        log.error("refused", { pod: podId }, `the broker refuses pod ${podId}: ${reason}`);
        return this.#enter("refused", reason);
    }
    if (held > GOOD_AFTER_MS) this.#attempt = 0;
    if (!this.#saidLoss) {
      const what = wasUp ? "lost the broker" : "cannot reach the broker";
      const why = reason === "" ? "" : ` (${reason})`;
      log.warn(
        "signal_lost",
        { pod: podId, code, reason },
        `${what} of pod ${podId} at ${url}${why}; trying on`,
      );
    }
    this.#saidLoss = true;
    this.#enter("disconnected", reason || (wasUp ? "the line was lost" : "nothing answers there"));
    this.#timer = setTimeout(() => this.#dial(), delay(this.#attempt++));
  }

  #enter(state: SignalState, reason?: string): void {
    this.#state = state;
    this.#options.onState(state, reason);
  }
}
