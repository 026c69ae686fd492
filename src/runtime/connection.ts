import { asCodedError, backoffDelay, CodedError } from "../base/mod.ts";
import type { LifecycleAdapter } from "./adapter_types.ts";
import type { Clock } from "./clock.ts";
import {
  MAX_DARTC_EVENTS,
  MAX_TRACE,
  RECONNECT_BASE_MS,
  RECONNECT_MAX_MS,
  RECONNECT_SAME_TRIES,
  STEADY_MS,
  TICK_MS,
} from "./limits.ts";
import type { RuntimeEvent } from "./runtime_event.ts";
import { selectTransport } from "./select_transport.ts";
import type {
  DartcStage,
  RuntimeTransport,
  RuntimeTransportState,
  TransportTrace,
} from "./transport_types.ts";

/** What a connection needs. */
export interface ConnectionOptions {
  /** The names of the transports, in the order in which they are tried. */
  readonly order: readonly string[];
  readonly clock: Clock;
  readonly lifecycle?: LifecycleAdapter;
  /** @default Math.random */
  readonly random?: () => number;
  /** Makes the transport of a name, once; undefined where this build has none. */
  create(name: string): RuntimeTransport | undefined;
  /** Whether what the transport of a name said of us when it connected is not so any more. */
  isStale(name: string): boolean;
  emit(event: RuntimeEvent): void;
}

/**
 * Errors that trying again cannot help: the Host has looked at this pod and refused it. A person
 * may still try, with `connect()`.
 */
const FINAL_CODES: ReadonlySet<string> = new Set([
  "manifest_rejected",
  "owner_mismatch",
  "pod_mismatch",
  "not_configured",
  "not_built_in",
  "bad_signal_url",
  "webrtc_missing",
  "proof_unsupported",
]);

/**
 * Keeps one transport ready: selects it, and after a loss or a failure tries again by itself, later
 * and later, at once when the network or the page comes back (runtime.md, "Transports").
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #transports = new Map<string, RuntimeTransport | undefined>();
  readonly #closing = new AbortController();
  #state: RuntimeTransportState = {
    status: "idle",
    trace: [],
    dartcEvents: [],
    ownerVerified: false,
    attempt: 0,
  };
  #ready: RuntimeTransport | undefined;
  #attempting: Promise<void> | undefined;
  #stopRetry: (() => void) | undefined;
  #stopTick: (() => void) | undefined;
  /** Whether somebody asked for a connection and has not closed it. */
  #wanted = false;
  /** Whether the last attempt ended with one of {@linkcode FINAL_CODES}. */
  #refused = false;
  #readyAt = 0;
  /** How many connections in a row were lost before they stood for {@linkcode STEADY_MS}. */
  #shortLived = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Where it stands. */
  get state(): RuntimeTransportState {
    return this.#state;
  }

  /** The transport, while it is ready. */
  get ready(): RuntimeTransport | undefined {
    return this.#ready;
  }

  /** Resolves when a transport is ready. Waiting for the next attempt by itself is over then. */
  connect(): Promise<void> {
    if (this.#closing.signal.aborted) {
      return Promise.reject(new CodedError("destroyed", "Cannot connect: the pod was closed"));
    }
    this.#wanted = true;
    if (this.#ready !== undefined) return Promise.resolve();
    // What comes after an attempt that is failing just now is its own to say.
    if (this.#attempting !== undefined) return this.#attempting;
    this.#stopRetry?.();
    return this.#attemptOnce();
  }

  /** The transport that was ready says that it is closed. */
  onClosed(error: CodedError): void {
    this.#lose();
    const stood = this.#options.clock.now() - this.#readyAt;
    this.#shortLived = stood < STEADY_MS ? this.#shortLived + 1 : 0;
    this.#update({ status: "connecting", error: failure(error), ownerVerified: false });
    // Whoever was told may have asked for it at once.
    if (this.#attempting === undefined) this.#retryLater();
  }

  /** A step of the ladder. */
  onStage(stage: DartcStage, detail?: string): void {
    const event = { stage, at: this.#options.clock.now(), ...detail !== undefined && { detail } };
    const dartcEvents = [...this.#state.dartcEvents, event].slice(-MAX_DARTC_EVENTS);
    this.#state = { ...this.#state, dartcEvents };
    this.#options.emit({ type: "transport.dartc", ...event });
  }

  /** The Host proved that the owner trusts it. */
  onOwnerVerified(): void {
    this.#update({ ownerVerified: true });
  }

  /** Something inside a transport changed. */
  onUpdated(): void {
    this.#update({});
  }

  /** The network is back, or the page is shown: a wait is over, and what stood is looked after. */
  wake(): void {
    this.#ready?.tick?.();
    if (this.#refused) return;
    if (!this.#isOnline()) return this.#forgetRetry();
    if (this.#wanted && this.#ready === undefined && this.#attempting === undefined) {
      this.connect().catch(() => {}); // it is in the state, and it goes on trying
    }
  }

  /** The page is going away: closes at once; `wake` brings it back. */
  suspend(): void {
    const transport = this.#ready;
    if (transport === undefined) return;
    this.#lose();
    transport.abandon?.();
    this.#update({ status: "connecting", ownerVerified: false });
  }

  /** Greets anew, so that the Host tells what it remembers of the conversation that is current. */
  renew(): void {
    if (this.#ready === undefined) return;
    this.suspend();
    this.connect().catch(() => {}); // it is in the state, and it goes on trying
  }

  /** Closes for good. */
  async close(): Promise<void> {
    this.#closing.abort(new CodedError("destroyed", "The pod was closed"));
    this.#stopRetry?.();
    this.#lose();
    this.#update({ status: "destroyed", ownerVerified: false, retryAt: undefined });
    await Promise.allSettled(
      [...this.#transports.values()].map(async (transport) => await transport?.close()),
    );
  }

  /** Who hears of the attempt and asks for a connection at once is asking for this one. */
  #attemptOnce(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#attempting = promise;
    const ended = this.#attempt().finally(() => {
      if (this.#attempting === promise) this.#attempting = undefined;
    });
    resolve(ended);
    return promise;
  }

  async #attempt(): Promise<void> {
    const { clock } = this.#options;
    const { attempt } = this.#state;
    const order = this.#orderNow();
    const [only] = order;
    const named = order.length === 1 && only !== undefined ? only : "auto";
    this.#update({ status: "connecting", retryAt: undefined });
    this.#options.emit({ type: "transport.connecting", transport: named, attempt });
    const select = () =>
      selectTransport({
        order,
        clock,
        signal: this.#closing.signal,
        transport: (name) => this.#transport(name),
        onTrace: (entry) => this.#trace(entry),
        onFallback: (from, to, reason) =>
          this.#options.emit({ type: "transport.fallback", from, to, reason }),
      });
    try {
      let transport = await select();
      if (this.#options.isStale(transport.name)) {
        await transport.close();
        transport = await select();
      }
      this.#become(transport);
    } catch (thrown) {
      if (this.#closing.signal.aborted) throw thrown;
      const error = asCodedError(thrown, "transport_failed");
      this.#update({ status: "error", error: failure(error), attempt: attempt + 1 });
      const { code, message } = error;
      this.#options.emit({ type: "runtime.error", error, code, message });
      this.#refused = FINAL_CODES.has(code);
      if (!this.#refused) this.#retryLater();
      throw error;
    }
  }

  /** After a loss the lost transport is tried alone for a while, then all of them. */
  #orderNow(): readonly string[] {
    const { name, attempt } = this.#state;
    const lost = name !== undefined && attempt < RECONNECT_SAME_TRIES;
    return lost ? [name] : this.#options.order;
  }

  #become(transport: RuntimeTransport): void {
    // It may have closed between its last step and ours.
    if (transport.state !== "ready") {
      throw new CodedError("disconnected", "The connection was lost as soon as it stood");
    }
    this.#ready = transport;
    this.#attempting = undefined; // who hears that it stands and leaves it begins another
    this.#refused = false;
    this.#readyAt = this.#options.clock.now();
    const { name } = transport;
    this.#tick();
    this.#update({ status: "ready", name, attempt: 0, error: undefined });
    for (const type of ["transport.ready", "runtime.ready"] as const) {
      // Whoever was told before may have closed it already.
      if (this.#ready === transport) this.#options.emit({ type, transport: name });
    }
  }

  #lose(): void {
    this.#ready = undefined;
    this.#stopTick?.();
  }

  #tick(): void {
    this.#stopTick = this.#options.clock.after(TICK_MS, () => {
      this.#ready?.tick?.();
      if (this.#ready !== undefined) this.#tick();
    });
  }

  #retryLater(): void {
    const { clock, random } = this.#options;
    if (this.#closing.signal.aborted || !this.#isOnline()) return;
    const range = { baseMs: RECONNECT_BASE_MS, maxMs: RECONNECT_MAX_MS };
    const attempt = Math.max(this.#state.attempt, this.#shortLived - 1);
    const wait = backoffDelay(attempt, { ...range, random });
    this.#stopRetry?.();
    this.#stopRetry = clock.after(wait, () => this.wake());
    this.#update({ retryAt: clock.now() + wait });
  }

  /** An attempt was due while there was no network: none is due any more. */
  #forgetRetry(): void {
    if (this.#state.retryAt !== undefined) this.#update({ retryAt: undefined });
  }

  /** Without a network there is nothing to try by itself; `wake` comes with it. */
  #isOnline(): boolean {
    return this.#options.lifecycle?.isOnline() ?? true;
  }

  #transport(name: string): RuntimeTransport | undefined {
    if (!this.#transports.has(name)) this.#transports.set(name, this.#options.create(name));
    return this.#transports.get(name);
  }

  #trace(entry: TransportTrace): void {
    this.#update({ trace: [...this.#state.trace, entry].slice(-MAX_TRACE) });
  }

  #update(change: Partial<RuntimeTransportState>): void {
    // Whoever was told of something on the way here may have closed the pod.
    if (this.#state.status === "destroyed") return;
    this.#state = { ...this.#state, ...change };
    this.#options.emit({
      type: "transport.updated",
      transport: this.#state.name,
      state: this.#state,
    });
  }
}

function failure(error: CodedError): { code: string; message: string } {
  return { code: error.code, message: error.message };
}
