import { type Ed25519 } from "../../../src/core/mod.ts";
import { nodeEd25519 } from "../../../src/core/native.ts";
import {
  originCard,
  type OriginEvent,
  OriginSession,
  type OriginSessionOptions,
  type VisitorEvent,
  VisitorSession,
  type VisitorSessionOptions,
} from "../../../src/dartc/mod.ts";
import { channelPair, type ChannelPairOptions, type MemoryChannel } from "./channel_pair.ts";
import { until } from "./until.ts";

/** The pod of these tests. */
export const POD_ID = "hello-pod";

/** A conversation id that is hard enough to guess to be replayed. */
export const CONVERSATION_ID = "conv_0123456789abcdefghij";

/** A time to begin at; tests move it on by hand. */
export const START = 1_770_000_000_000;

/** A clock that stands still until it is moved. */
export interface Clock {
  now: number;
}

/** What a test may set. */
export interface SessionPairOptions extends ChannelPairOptions {
  visitor?: Partial<VisitorSessionOptions>;
  origin?: Partial<OriginSessionOptions<unknown>>;
  ed25519?: Ed25519;
  /** Answers what the origin is asked. */
  onOrigin?(event: OriginEvent, session: OriginSession): void;
}

/** A visitor and an origin that are connected and ready. */
export interface SessionPair {
  readonly visitor: VisitorSession;
  readonly origin: OriginSession;
  readonly visitorChannel: MemoryChannel;
  readonly originChannel: MemoryChannel;
  readonly visitorEvents: VisitorEvent[];
  readonly originEvents: OriginEvent[];
  readonly clock: Clock;
}

/** The manifest that these tests' `verifyManifest` gives for any bytes but `bad`. */
export const MANIFEST = { id: POD_ID, name: "Hello", owner_pubkey: "ab".repeat(32) } as const;

/** Connects both roles in memory and waits until they are ready, or one of them is closed. */
export async function sessionPair(options: SessionPairOptions = {}): Promise<SessionPair> {
  const clock: Clock = { now: START };
  const now = () => clock.now;
  const ed25519 = options.ed25519 ?? nodeEd25519();
  const [visitorChannel, originChannel] = channelPair(options);
  const visitorEvents: VisitorEvent[] = [];
  const originEvents: OriginEvent[] = [];

  const origin = await OriginSession.open<unknown>({
    channel: originChannel,
    podId: POD_ID,
    ed25519,
    now,
    verifyManifest: (signed) => {
      if (new TextDecoder().decode(signed) === "bad") throw new Error("no");
      return MANIFEST;
    },
    card: () => originCard({ id: POD_ID, name: "Hello" }),
    ...options.origin,
    onEvent: (event, session) => {
      originEvents.push(event);
      options.onOrigin?.(event, session);
    },
  });
  const visitor = await VisitorSession.open({
    channel: visitorChannel,
    podId: POD_ID,
    ed25519,
    now,
    conversationId: CONVERSATION_ID,
    ...options.visitor,
    onEvent: (event) => visitorEvents.push(event),
  });
  await until("both sides are ready", () => visitor.state !== "opening");
  return { visitor, origin, visitorChannel, originChannel, visitorEvents, originEvents, clock };
}
