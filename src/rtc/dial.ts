import { CodedError } from "../base/mod.ts";
import type { Channel } from "../dartc/mod.ts";
import {
  type CandidateInit,
  offerOver,
  signalUrl,
  type SocketLike,
  type VisitorRendezvous,
} from "../signaling/mod.ts";
import { DEFAULT_ICE_SERVERS, type IceServer } from "./ice_servers.ts";
import { makeOffer } from "./make_offer.ts";
import type { NativePeer } from "./native_peer.ts";

/** What {@linkcode dial} needs. */
export interface DialOptions {
  /** The broker, as `signal_url` of a manifest names it. */
  signalUrl: string;
  podId: string;
  /** @default DEFAULT_ICE_SERVERS */
  iceServers?: readonly IceServer[];
  /** Gives up, or closes what was opened. */
  signal?: AbortSignal;
  /**
   * Opens the socket to the broker.
   * @default a standard WebSocket
   */
  openSocket?: (url: string) => SocketLike;
}

/** An open line to a pod. Disposing it closes it. */
export interface Dialled extends AsyncDisposable {
  readonly channel: Channel;
  readonly peer: NativePeer;
  /** The name of the rendezvous, as broker and Host know it. */
  readonly sessionId: string;
}

/**
 * After how long a connection that fails before it opened is tried again, in milliseconds: one or
 * two of a hundred do, and five on a machine with more to do than it can, by a race in the addon
 * (pitfalls.md). The second try is at once, for it mostly opens; where that fails too, the others
 * wait for the machine. Of 2,000 visitors in churn six failed twice; with ten programs on two
 * cores one failed four times within half a second, so the last ones wait longer.
 */
const AGAIN_AFTER_MS = [0, 100, 400, 1_000, 2_000];

/** A race shows at once: a connection that took longer to fail is tried once more and no more. */
const RACE_WITHIN_MS = 5_000;

/**
 * Calls a pod as a native visitor: broker, offer, candidates, until the channel is open. A
 * connection that fails before it opened is tried again.
 *
 * Rejects with {@linkcode CodedError}: the codes of `signalUrl`, `offerOver` and
 * `NativePeer.channel`, or with the reason of `signal`.
 */
export async function dial(options: DialOptions): Promise<Dialled> {
  const from = performance.now();
  for (const pause of AGAIN_AFTER_MS) {
    if (pause > 0 && performance.now() - from > RACE_WITHIN_MS) break;
    try {
      return await dialOnce(options);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof CodedError && error.code === "rtc_failed")) throw error;
    }
    await later(pause, options.signal);
  }
  return await dialOnce(options);
}

/** Settles after a while, or when aborted. */
function later(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
    if (signal?.aborted) done();
  });
}

async function dialOnce(options: DialOptions): Promise<Dialled> {
  const { podId, iceServers = DEFAULT_ICE_SERVERS, signal } = options;
  const { openSocket = (url: string) => new WebSocket(url) } = options;
  signal?.throwIfAborted();
  const url = signalUrl(options.signalUrl);
  const sessionId = crypto.randomUUID();
  const refused = Promise.withResolvers<never>();
  refused.promise.catch(() => {}); // a refusal may come when nobody asks any more
  const abort = () => refused.reject(signal?.reason);
  signal?.addEventListener("abort", abort);

  let rendezvous: VisitorRendezvous | undefined;
  const early: (CandidateInit | null)[] = [];
  const peer = makeOffer({
    iceServers,
    onCandidate: (candidate) => {
      if (rendezvous === undefined) early.push(candidate);
      else rendezvous.candidate(candidate);
    },
    signal,
  });
  const socket = openSocket(url); // it connects while the offer is made
  try {
    const sdp = await Promise.race([peer.localSdp, refused.promise]);
    rendezvous = offerOver(socket, {
      podId,
      sessionId,
      sdp,
      onAnswer: (answer) => peer.setRemote(answer),
      onCandidate: (candidate) => peer.addCandidate(candidate),
      onError: (error) => refused.reject(error),
    });
    for (const candidate of early) rendezvous.candidate(candidate);
    const channel = await Promise.race([peer.channel, refused.promise]);
    return {
      channel,
      peer,
      sessionId,
      [Symbol.asyncDispose]: () => peer.close(),
    };
  } catch (error) {
    await peer.close();
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
    if (rendezvous === undefined) socket.close();
    else rendezvous.close();
  }
}
