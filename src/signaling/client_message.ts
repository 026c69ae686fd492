import * as z from "zod/mini";
import {
  CANDIDATE_CHARS,
  CANDIDATE_FIELD_CHARS,
  ERROR_CHARS,
  POD_ID_CHARS,
  SESSION_ID_CHARS,
} from "./limits.ts";
import { checkSdpSize, MessageError, readMessageObject, wrongMember } from "./message_error.ts";
import type { ClientMessage } from "./messages.ts";

const podId = z.string().check(z.minLength(1), z.maxLength(POD_ID_CHARS));
const sessionId = z.string().check(z.minLength(1), z.maxLength(SESSION_ID_CHARS));
const sdp = z.string().check(z.minLength(1));
const short = z.optional(z.nullable(z.string().check(z.maxLength(CANDIDATE_FIELD_CHARS))));

/** Only the members of RTCIceCandidateInit are passed on; what else a client sends is left out. */
const candidate = z.nullable(z.object({
  candidate: z.optional(z.string().check(z.maxLength(CANDIDATE_CHARS))),
  sdpMid: short,
  sdpMLineIndex: z.optional(z.nullable(z.int().check(z.gte(0), z.lte(65_535)))),
  usernameFragment: short,
}));

/** What people read is cut, not refused: the session matters more than its farewell. */
const message = z.pipe(z.string(), z.transform((text: string) => text.slice(0, ERROR_CHARS)));

const schemas = {
  register: z.object({ t: z.literal("register"), podId }),
  offer: z.object({ t: z.literal("offer"), podId, sessionId, sdp }),
  answer: z.object({ t: z.literal("answer"), sessionId, sdp }),
  candidate: z.object({
    t: z.literal("candidate"),
    podId: z.optional(podId),
    sessionId,
    candidate,
  }),
  error: z.object({ t: z.literal("error"), sessionId: z.optional(sessionId), message }),
  ping: z.object({ t: z.literal("ping") }),
  pong: z.object({ t: z.literal("pong") }),
};

/** What a broker may take less of than the wire allows, in bytes. */
export interface MessageSizes {
  /** @default MESSAGE_BYTES */
  readonly messageBytes?: number;
  /** @default SDP_BYTES */
  readonly sdpBytes?: number;
}

/**
 * Reads one message of a client, as a broker gets it. Members that are not of the wire are left
 * out.
 *
 * Throws {@linkcode MessageError}: `too_large` over a limit of size, `bad_message` for anything
 * else, with the session id where there is one to answer to.
 *
 * @example
 * ```ts
 * import { parseClientMessage } from "./client_message.ts";
 *
 * const message = parseClientMessage('{"t":"register","podId":"cafe"}');
 * if (message.t !== "register" || message.podId !== "cafe") throw new Error(message.t);
 * ```
 */
export function parseClientMessage(text: unknown, sizes: MessageSizes = {}): ClientMessage {
  const value = readMessageObject(text, sizes.messageBytes);
  const about = sessionId.safeParse(value.sessionId).data;
  const type = value.t;
  if (typeof type !== "string" || !Object.hasOwn(schemas, type)) {
    throw new MessageError("bad_message", 'Cannot read the message: unknown type "t"', about);
  }
  const result = schemas[type as keyof typeof schemas].safeParse(value); // its own key: see above
  if (!result.success) {
    throw wrongMember(type, String(result.error.issues[0]?.path[0]), about);
  }
  if ("sdp" in result.data) {
    checkSdpSize(result.data.sdp, result.data.sessionId, sizes.sdpBytes);
  }
  return result.data;
}
