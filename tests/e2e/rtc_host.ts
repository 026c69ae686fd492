import { createLogger } from "../../src/base/mod.ts";
import type { Channel } from "../../src/dartc/mod.ts";
import { acceptOffer, type NativePeer } from "../../src/rtc/mod.ts";
import { startBroker } from "../../src/signal/mod.ts";
import { hostOver, signalUrl } from "../../src/signaling/mod.ts";
import { PATIENCE_MS } from "./eventually.ts";

/** A broker, and a Host on it that does nothing but answer offers. */
export interface RtcHost extends AsyncDisposable {
  readonly signalUrl: string;
  /** Connections that are not closed. */
  readonly peers: ReadonlySet<NativePeer>;
}

/**
 * Starts a broker and a Host of the pod `cafe`.
 *
 * @param onChannel gets each channel that opens, in the task in which it does
 */
export async function rtcHost(
  onChannel: (channel: Channel, peer: NativePeer) => void,
): Promise<RtcHost> {
  const log = createLogger({ name: "signal", write: () => {} });
  const broker = await startBroker({ port: 0, limits: "off", log });
  const url = `${broker.url}/signal`;
  const sessions = new Map<string, NativePeer>();
  const peers = new Set<NativePeer>();
  const registered = Promise.withResolvers<void>();
  const line = hostOver(new WebSocket(signalUrl(url)), {
    podIds: ["cafe"],
    onRegistered: () => registered.resolve(),
    onOffer({ sessionId, sdp }) {
      const peer = acceptOffer({
        sdp,
        iceServers: [],
        onCandidate: (candidate) => line.candidate(sessionId, candidate),
      });
      sessions.set(sessionId, peer);
      peers.add(peer);
      peer.onState((state) => {
        if (state !== "closed") return;
        sessions.delete(sessionId);
        peers.delete(peer);
      });
      peer.localSdp.then((answer) => line.answer(sessionId, answer), () => {});
      peer.channel.then((channel) => onChannel(channel, peer), () => {});
    },
    onCandidate: (sessionId, candidate) => sessions.get(sessionId)?.addCandidate(candidate),
    onError: () => {},
    onClose: ({ code }) => registered.reject(new Error(`closed with ${code}`)),
  });
  await registered.promise;
  return {
    signalUrl: url,
    peers,
    async [Symbol.asyncDispose]() {
      line.close();
      await Promise.all([...peers].map((peer) => peer.close()));
      await broker.stop();
    },
  };
}

/** Waits until a condition holds. */
export async function until(
  what: string,
  holds: () => boolean,
  withinMs = PATIENCE_MS,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`it never came to: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
