import { CodedError } from "../../src/base/mod.ts";
import { type Channel, CHANNEL_LABEL } from "../../src/dartc/mod.ts";
import type { IceServerConfig } from "../../src/pod/mod.ts";
import type { OpenChannelRequest } from "../../src/runtime/mod.ts";
import {
  type CandidateInit,
  CANDIDATES_PER_SESSION,
  offerOver,
  signalUrl,
  type VisitorRendezvous,
} from "../../src/signaling/mod.ts";
import { DataChannel } from "./data_channel.ts";

/**
 * How long a connection may be without a path before it is given up, in milliseconds: a change of
 * network heals within seconds or not at all, and a new connection is made in less.
 */
const DISCONNECTED_LIMIT_MS = 3_000;

/**
 * Opens a WebRTC data channel to a Host: the socket to the broker and the offer at the same time,
 * candidates both ways as they are found, until the channel is open; then the socket is closed.
 *
 * Rejects with `CodedError` (`webrtc_missing`, `channel_failed`, those of `signalUrl` and
 * `offerOver`), or with the signal's reason. Nothing stays open then.
 */
export async function openWebRtcChannel(request: OpenChannelRequest): Promise<Channel> {
  request.signal.throwIfAborted();
  if (typeof RTCPeerConnection === "undefined") {
    throw new CodedError("webrtc_missing", "Cannot connect: this browser has no WebRTC");
  }
  const socket = openSocket(signalUrl(request.signalUrl));
  let attempt: Attempt;
  try {
    attempt = new Attempt(request, socket);
  } catch (error) {
    socket.close();
    throw error;
  }
  try {
    return await attempt.open();
  } catch (error) {
    attempt.giveUp();
    throw error;
  } finally {
    attempt.endRendezvous();
  }
}

function openSocket(url: string): WebSocket {
  try {
    return new WebSocket(url);
  } catch (cause) {
    const message = "Cannot call the broker: this page may not (https needs a wss broker)";
    throw new CodedError("broker_unreachable", message, { cause });
  }
}

class Attempt {
  readonly #request: OpenChannelRequest;
  readonly #peer: RTCPeerConnection;
  readonly #channel: DataChannel;
  readonly #socket: WebSocket;
  readonly #opened = Promise.withResolvers<void>();
  readonly #onAbort = () => this.#opened.reject(this.#request.signal.reason);
  #rendezvous: VisitorRendezvous | undefined;
  /** Candidates of ours before the offer went out, and of the Host before its answer is set. */
  #localEarly: (CandidateInit | null)[] = [];
  #remoteEarly: (CandidateInit | null)[] = [];
  #remoteCount = 0;
  #isAnswered = false;
  #lossTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(request: OpenChannelRequest, socket: WebSocket) {
    this.#request = request;
    this.#socket = socket;
    this.#peer = new RTCPeerConnection({ iceServers: request.iceServers.map(asRtcIceServer) });
    const raw = this.#peer.createDataChannel(CHANNEL_LABEL);
    raw.onopen = () => this.#opened.resolve();
    this.#channel = new DataChannel(raw, () => this.#closePeer());
    this.#peer.onicecandidate = ({ candidate }) => this.#onLocal(candidate?.toJSON() ?? null);
    this.#peer.onconnectionstatechange = () => this.#onConnectionState();
    request.signal.addEventListener("abort", this.#onAbort);
    this.#opened.promise.catch(() => {}); // it may be rejected while the offer is made
  }

  async open(): Promise<Channel> {
    const { podId, sessionId, onStage, signal } = this.#request;
    await this.#peer.setLocalDescription(await this.#peer.createOffer());
    signal.throwIfAborted(); // no Host is called for a visitor who has gone
    const sdp = this.#peer.localDescription?.sdp ?? "";
    onStage("dartc-offer");
    onStage("ice-gathering");
    this.#socket.addEventListener("open", () => onStage("signaling"));
    if (this.#socket.readyState === WebSocket.OPEN) onStage("signaling");
    this.#rendezvous = offerOver(this.#socket, {
      podId,
      sessionId,
      sdp,
      onAnswer: (answer) => this.#onAnswer(answer),
      onCandidate: (candidate) => this.#onRemote(candidate),
      onError: (error) => this.#opened.reject(error),
    });
    for (const candidate of this.#localEarly.splice(0)) this.#rendezvous.candidate(candidate);
    await this.#opened.promise;
    return this.#channel;
  }

  /** The broker is of no more use, whether a channel came of it or not. */
  endRendezvous(): void {
    this.#request.signal.removeEventListener("abort", this.#onAbort);
    if (this.#rendezvous === undefined) this.#socket.close();
    else this.#rendezvous.close();
    this.#localEarly = [];
    this.#remoteEarly = [];
  }

  /** Closes what was opened. */
  giveUp(): void {
    this.#channel.end("given up");
  }

  #onLocal(candidate: CandidateInit | null): void {
    if (this.#rendezvous === undefined) this.#localEarly.push(candidate);
    else this.#rendezvous.candidate(candidate);
  }

  #onRemote(candidate: CandidateInit | null): void {
    if (this.#remoteCount++ > CANDIDATES_PER_SESSION) return; // no Host has more; the last is null
    if (this.#isAnswered) this.#addRemote(candidate);
    else this.#remoteEarly.push(candidate);
  }

  #addRemote(candidate: CandidateInit | null): void {
    // One that cannot be used is one path less, not a failure.
    this.#peer.addIceCandidate(candidate ?? undefined).catch(() => {});
  }

  #onAnswer(sdp: string): void {
    this.#request.onAnswered();
    this.#peer.setRemoteDescription({ type: "answer", sdp }).then(() => {
      this.#isAnswered = true;
      for (const candidate of this.#remoteEarly.splice(0)) this.#addRemote(candidate);
    }).catch((cause: unknown) => {
      this.#opened.reject(
        new CodedError("signaling_error", "Cannot read the pod's answer", { cause }),
      );
    });
  }

  #onConnectionState(): void {
    clearTimeout(this.#lossTimer);
    switch (this.#peer.connectionState) {
      case "failed":
      case "closed":
        return this.#lose("the connection failed");
      case "disconnected":
        this.#lossTimer = setTimeout(
          () => this.#lose("the connection was lost"),
          DISCONNECTED_LIMIT_MS,
        );
    }
  }

  #lose(reason: string): void {
    this.#opened.reject(
      new CodedError("channel_failed", "No direct connection to the pod came about"),
    );
    this.#channel.end(reason);
  }

  #closePeer(): void {
    clearTimeout(this.#lossTimer);
    this.#peer.onconnectionstatechange = null;
    this.#peer.onicecandidate = null;
    this.#peer.close();
  }
}

function asRtcIceServer({ urls, username, credential }: IceServerConfig): RTCIceServer {
  return {
    urls: typeof urls === "string" ? urls : [...urls],
    ...username !== undefined && { username },
    ...credential !== undefined && { credential },
  };
}
