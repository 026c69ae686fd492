import { CodedError, errorMessage } from "../base/mod.ts";
import { type Channel, CHANNEL_LABEL } from "../dartc/mod.ts";
import { type CandidateInit, CANDIDATES_PER_SESSION, isLastCandidate } from "../signaling/mod.ts";
import { type Addon, loadAddon, type RawDataChannel, type RawPeerConnection } from "./addon.ts";
import { RtcChannel } from "./channel.ts";
import { nativeIceServers } from "./ice_servers.ts";
import {
  DRAIN_LOOK_MS,
  DRAIN_WITHIN_MS,
  LINGER_MS,
  MAX_FOREIGN_CHANNELS,
  MAX_MESSAGE_BYTES,
  OPEN_WITHIN_MS,
} from "./limits.ts";
import { LocalSide } from "./local_side.ts";
import type { NativePeer, PeerOptions, PeerState } from "./native_peer.ts";
import {
  candidateAttribute,
  isAddressable,
  mdnsCandidateAt,
  withoutForeignNames,
  withVisitorAsDtlsClient,
} from "./sdp.ts";

/** Which side of the connection this is. */
export type PeerRole = "visitor" | "host";

/** A {@linkcode NativePeer} on the addon. */
export class RtcPeer implements NativePeer {
  readonly #role: PeerRole;
  readonly #signal: AbortSignal | undefined;
  readonly #sameMachine: "likely" | "unknown";
  readonly #local: LocalSide;
  readonly #opened = Promise.withResolvers<Channel>();
  readonly #openTimer: ReturnType<typeof setTimeout>;
  readonly #abort = () => void this.close("aborted");

  #connection: RawPeerConnection | undefined;
  #raw: RawDataChannel | undefined;
  #channel: RtcChannel | undefined;
  #foreignChannels = 0;

  /** The other side's description, until the addon is there to take it. */
  #remoteSdp: string | undefined;
  #remoteApplied = false;
  #remoteCandidates = 0;
  #earlyRemote: CandidateInit[] = [];

  #state: PeerState = "new";
  #onState: ((state: PeerState) => void) | undefined;
  #closing: Promise<void> | undefined;

  /** Throws {@linkcode CodedError} `bad_ice_servers`. */
  constructor(role: PeerRole, options: PeerOptions) {
    const iceServers = nativeIceServers(options.iceServers);
    this.#role = role;
    this.#signal = options.signal;
    this.#sameMachine = options.sameMachine ?? "unknown";
    this.#local = new LocalSide(options.onCandidate);
    this.#opened.promise.catch(() => {}); // whoever waits is told; nobody has to wait
    this.#openTimer = setTimeout(() => this.#fail("it did not open in time"), OPEN_WITHIN_MS);
    if (options.signal?.aborted) {
      this.#abort();
      return;
    }
    options.signal?.addEventListener("abort", this.#abort);
    loadAddon().then(
      (addon) => this.#start(addon, iceServers),
      (error) => this.#giveUp(error),
    );
  }

  get localSdp(): Promise<string> {
    return this.#local.sdp;
  }

  get channel(): Promise<Channel> {
    return this.#opened.promise;
  }

  get state(): PeerState {
    return this.#state;
  }

  onState(handler: (state: PeerState) => void): void {
    this.#onState = handler;
  }

  setRemote(sdp: string): void {
    if (this.#closing !== undefined || this.#remoteSdp !== undefined) return;
    this.#remoteSdp = withoutForeignNames(sdp);
    this.#applyRemote();
  }

  addCandidate(candidate: CandidateInit | null): void {
    if (candidate === null || isLastCandidate(candidate)) return; // the addon waits for no end
    if (this.#closing !== undefined || this.#remoteCandidates >= CANDIDATES_PER_SESSION) return;
    this.#remoteCandidates++;
    if (this.#remoteApplied) this.#applyCandidate(candidate);
    else this.#earlyRemote.push(candidate);
  }

  close(reason = "closed"): Promise<void> {
    this.#closing ??= this.#shut(reason);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #start(addon: Addon, iceServers: ReturnType<typeof nativeIceServers>): void {
    if (this.#closing !== undefined) return;
    let connection: RawPeerConnection;
    try {
      // No `bindAddress` and no certificate of ours: both cost what they promise (pitfalls.md).
      connection = new addon.PeerConnection(this.#role, {
        iceServers,
        maxMessageSize: MAX_MESSAGE_BYTES,
      });
    } catch (error) {
      return this.#fail(errorMessage(error));
    }
    this.#connection = connection;
    // All callbacks in this one task: what the addon says before they are set, nobody hears.
    connection.onStateChange((state) => this.#onRawState(state));
    connection.onLocalDescription((sdp) => this.#local.described(sdp));
    connection.onLocalCandidate((line, mid) => this.#local.found(line, mid));
    connection.onGatheringStateChange((state) => {
      if (state === "complete") this.#local.complete();
    });
    connection.onDataChannel((raw) => this.#onRemoteChannel(raw));
    if (this.#role === "visitor") {
      const raw = connection.createDataChannel(CHANNEL_LABEL);
      this.#raw = raw;
      raw.onOpen(() => this.#onOpen());
      this.#channel = new RtcChannel(raw, (reason) => void this.close(reason));
    }
    this.#applyRemote();
  }

  #applyRemote(): void {
    const sdp = this.#remoteSdp;
    if (this.#connection === undefined || sdp === undefined || this.#remoteApplied) return;
    try {
      if (this.#role === "host") {
        this.#connection.setRemoteDescription(withVisitorAsDtlsClient(sdp), "offer");
      } else {
        this.#connection.setRemoteDescription(sdp, "answer");
      }
    } catch (error) {
      return this.#fail(errorMessage(error));
    }
    this.#remoteApplied = true;
    for (const candidate of this.#earlyRemote.splice(0)) this.#applyCandidate(candidate);
  }

  #applyCandidate({ candidate, sdpMid }: CandidateInit): void {
    const line = candidateAttribute(candidate ?? "");
    const mid = sdpMid ?? "0";
    if (!isAddressable(line)) return;
    this.#addRemote(line, mid);
    if (this.#sameMachine === "unknown") return;
    this.#local.sdp.then(() => {
      const here = this.#local.address && mdnsCandidateAt(line, this.#local.address);
      if (here) this.#addRemote(here, mid);
    }, () => {}); // closed
  }

  #addRemote(line: string, mid: string): void {
    try {
      this.#connection?.addRemoteCandidate(line, mid);
    } catch {
      // One path less to try. The line itself is an address, and belongs in no log.
    }
  }

  #onRemoteChannel(raw: RawDataChannel): void {
    const wanted = this.#role === "host" && this.#raw === undefined && this.#closing === undefined;
    if (!wanted || raw.getLabel() !== CHANNEL_LABEL) {
      setTimeout(() => raw.close()); // never inside a callback of the addon
      if (++this.#foreignChannels > MAX_FOREIGN_CHANNELS) void this.close("too many channels");
      return;
    }
    this.#raw = raw;
    this.#channel = new RtcChannel(raw, (reason) => void this.close(reason));
    if (raw.isOpen()) this.#onOpen();
    else raw.onOpen(() => this.#onOpen());
  }

  #onOpen(): void {
    if (this.#channel === undefined || this.#closing !== undefined) return;
    clearTimeout(this.#openTimer);
    this.#opened.resolve(this.#channel);
  }

  #onRawState(state: string): void {
    switch (state) {
      case "connecting":
      case "connected":
        return this.#setState(state);
      case "disconnected": // the other side closed; the addon does not come back from it
      case "failed": // 30 s without a word, or no path was found
        this.#setState(state);
        return this.#fail(state === "failed" ? "no path, or lost" : "the other side left");
      case "closed":
        return void this.close();
      default:
        return; // "new"
    }
  }

  #setState(state: PeerState): void {
    if (this.#state === state || this.#state === "closed") return;
    this.#state = state;
    this.#onState?.(state);
  }

  #fail(reason: string): void {
    this.#giveUp(new CodedError("rtc_failed", `Cannot connect to the other side: ${reason}`));
  }

  #giveUp(error: unknown): void {
    this.#local.close(error);
    this.#opened.reject(error);
    void this.close("the connection was lost");
  }

  async #shut(reason: string): Promise<void> {
    clearTimeout(this.#openTimer);
    this.#signal?.removeEventListener("abort", this.#abort);
    const closed = new CodedError("rtc_closed", `The connection was closed: ${reason}`);
    this.#local.close(closed);
    this.#opened.reject(closed);
    this.#channel?.stop();
    await later(0); // out of the addon's callback that may have brought us here
    await this.#drained();
    attempt(() => this.#raw?.close()); // closed explicitly even where it never opened: it is held
    this.#channel?.end(reason);
    if (this.#connection !== undefined) {
      await later(LINGER_MS);
      attempt(() => this.#connection?.close());
    }
    this.#setState("closed");
    this.#connection = undefined;
    this.#raw = undefined;
    this.#channel = undefined;
    this.#onState = undefined;
  }

  /** Waits until what was sent went out, or the other side takes no more. */
  async #drained(): Promise<void> {
    const deadline = performance.now() + DRAIN_WITHIN_MS;
    while (performance.now() < deadline) {
      if (this.#connection?.state() !== "connected" || this.#channel?.bufferedAmount() === 0) {
        return;
      }
      await later(DRAIN_LOOK_MS);
    }
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Calls into the addon, which throws for what is closed already: then there is nothing to do. */
function attempt(call: () => void): void {
  try {
    call();
  } catch {
    // gone already
  }
}
