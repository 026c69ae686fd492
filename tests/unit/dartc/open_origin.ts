import { nodeEd25519 } from "../../../src/core/native.ts";
import {
  type Frame,
  originCard,
  type OriginEvent,
  OriginSession,
  type OriginSessionOptions,
} from "../../../src/dartc/mod.ts";
import { channelPair, type MemoryChannel } from "./channel_pair.ts";
import { RawPeer } from "./raw_peer.ts";
import { type Clock, MANIFEST, POD_ID, START } from "./session_pair.ts";

/** An origin whose visitor is played by the test, frame by frame. */
export interface OpenOrigin {
  readonly origin: OriginSession;
  readonly events: OriginEvent[];
  readonly visitor: RawPeer;
  /** The visitor's end. */
  readonly channel: MemoryChannel;
  /** The origin's end. */
  readonly originChannel: MemoryChannel;
  readonly clock: Clock;
  /** What the origin sent, hello included. */
  frames(): Frame[];
  /** The payloads of what the origin sent on a topic. */
  payloads(topic: string): Record<string, unknown>[];
}

/** Opens an origin over a channel in memory. */
export async function openOrigin(
  options: Partial<OriginSessionOptions<unknown>> = {},
): Promise<OpenOrigin> {
  const clock: Clock = { now: START };
  const [originChannel, channel] = channelPair();
  const events: OriginEvent[] = [];
  const visitor = await RawPeer.make("visitor", clock);
  const origin = await OriginSession.open<unknown>({
    channel: originChannel,
    podId: POD_ID,
    ed25519: nodeEd25519(),
    now: () => clock.now,
    verifyManifest: () => MANIFEST,
    card: () => originCard({ id: POD_ID, name: "Hello" }),
    ...options,
    onEvent: (event, session) => {
      events.push(event);
      options.onEvent?.(event, session);
    },
  });
  // What our own session sends has the shape of a frame.
  const frames = () => originChannel.sent.map((text) => JSON.parse(text) as Frame);
  const payloads = (topic: string) =>
    frames().filter((frame) => frame.topic === topic)
      .map((frame) => frame.payload as Record<string, unknown>); // ours are objects
  return { origin, events, visitor, channel, originChannel, clock, frames, payloads };
}

/** The same, and the visitor has said hello. */
export async function openOriginAfterHello(
  options: Partial<OriginSessionOptions<unknown>> = {},
  hello: object = {},
): Promise<OpenOrigin> {
  const open = await openOrigin(options);
  open.channel.send(await open.visitor.hello(hello));
  return open;
}

/** The payload of a chat request with one question. */
export function question(requestId: string, content = "Hello?"): Record<string, unknown> {
  return { request_id: requestId, messages: [{ role: "user", content }] };
}
