import { nodeEd25519 } from "../../../src/core/native.ts";
import {
  type Frame,
  originCard,
  type VisitorEvent,
  VisitorSession,
  type VisitorSessionOptions,
} from "../../../src/dartc/mod.ts";
import { channelPair, type MemoryChannel } from "./channel_pair.ts";
import { RawPeer } from "./raw_peer.ts";
import { type Clock, CONVERSATION_ID, POD_ID, START } from "./session_pair.ts";

/** A visitor whose Host is played by the test, frame by frame. */
export interface OpenVisitor {
  readonly visitor: VisitorSession;
  readonly events: VisitorEvent[];
  readonly host: RawPeer;
  /** The Host's end. */
  readonly channel: MemoryChannel;
  /** The visitor's end. */
  readonly visitorChannel: MemoryChannel;
  readonly clock: Clock;
  /** What the visitor sent, hello included. */
  frames(): Frame[];
  /** Everything that was told, as its type; two of a kind in a row once. */
  types(): string[];
}

/** Opens a visitor over a channel in memory. */
export async function openVisitor(
  options: Partial<VisitorSessionOptions> = {},
): Promise<OpenVisitor> {
  const clock: Clock = { now: START };
  const [visitorChannel, channel] = channelPair();
  const events: VisitorEvent[] = [];
  const host = await RawPeer.make("origin", clock);
  const visitor = await VisitorSession.open({
    channel: visitorChannel,
    podId: POD_ID,
    ed25519: nodeEd25519(),
    now: () => clock.now,
    conversationId: CONVERSATION_ID,
    ...options,
    onEvent: (event, session) => {
      events.push(event);
      options.onEvent?.(event, session);
    },
  });
  // What our own session sends has the shape of a frame.
  const frames = () => visitorChannel.sent.map((text) => JSON.parse(text) as Frame);
  const types = () => events.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1]);
  return { visitor, events, host, channel, visitorChannel, clock, frames, types };
}

/** The same, and the Host has said hello and sent its card. */
export async function openVisitorReady(
  options: Partial<VisitorSessionOptions> = {},
  hello: object = {},
): Promise<OpenVisitor> {
  const open = await openVisitor(options);
  open.channel.send(await open.host.hello(hello));
  const card = { kind: "AgentCard", card: originCard({ id: POD_ID, name: "Hello" }) };
  open.channel.send(await open.host.text("a2a.discovery", card));
  return open;
}
