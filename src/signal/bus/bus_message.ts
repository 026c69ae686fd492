import * as z from "zod";
import { utf8Encode } from "../../base/mod.ts";
import {
  CANDIDATE_CHARS,
  CANDIDATE_FIELD_CHARS,
  ERROR_CHARS,
  POD_ID_CHARS,
  SDP_BYTES,
  SESSION_ID_CHARS,
} from "../../signaling/mod.ts";
import { BUS_MESSAGE_BYTES } from "./limits.ts";

/** The name of a broker or of a link: 128 random bits, which nobody guesses. */
const name = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const podId = z.string().min(1).max(POD_ID_CHARS);
const sdp = z.string().min(1).max(SDP_BYTES);
const short = z.string().max(CANDIDATE_FIELD_CHARS).nullish();

const candidate = z.object({
  candidate: z.string().max(CANDIDATE_CHARS).optional(),
  sdpMid: short,
  sdpMLineIndex: z.int().min(0).max(65_535).nullish(),
  usernameFragment: short,
}).nullable();

/** What one session's two brokers say to each other. The link says which session. */
const sessionMessage = z.discriminatedUnion("t", [
  z.object({
    t: z.literal("offer"),
    podId,
    sessionId: z.string().min(1).max(SESSION_ID_CHARS),
    sdp,
  }),
  z.object({ t: z.literal("answer"), sdp }),
  z.object({ t: z.literal("candidate"), candidate }),
  z.object({ t: z.literal("error"), message: z.string().max(ERROR_CHARS) }),
  /** Are you still there? Being taken is the answer. */
  z.object({ t: z.literal("probe") }),
  /** The session is over on this side. */
  z.object({ t: z.literal("end") }),
]);

const busMessage = z.discriminatedUnion("t", [
  /** The `n`th message of a link, from 0 on. */
  z.object({ t: z.literal("say"), from: name, link: name, n: z.int().min(0), say: sessionMessage }),
  /** All messages of a link up to `n` were taken. */
  z.object({ t: z.literal("taken"), from: name, link: name, n: z.int().min(0) }),
  /** Whoever is asked for is not here. */
  z.object({ t: z.literal("nobody"), from: name, link: name }),
  /** A pod was registered anew elsewhere: look it up. */
  z.object({ t: z.literal("replaced"), from: name, podId }),
]);

/** What the two brokers of a session say to each other. */
export type SessionMessage = z.infer<typeof sessionMessage>;

/** One message between brokers. */
export type BusMessage = z.infer<typeof busMessage>;

/** Reads what came from the bus; undefined for whatever no broker of ours would send. */
export function parseBusMessage(bytes: Uint8Array): BusMessage | undefined {
  if (bytes.length > BUS_MESSAGE_BYTES) return undefined;
  try {
    return busMessage.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A message as it goes over the bus. */
export function encodeBusMessage(message: BusMessage): Uint8Array {
  return utf8Encode(JSON.stringify(message));
}
