import { isObject, isString } from "../base/mod.ts";
import {
  CANDIDATE_CHARS,
  CANDIDATE_FIELD_CHARS,
  ERROR_CHARS,
  POD_ID_CHARS,
  SESSION_ID_CHARS,
} from "./limits.ts";
import { checkSdpSize, MessageError, readMessageObject, wrongMember } from "./message_error.ts";
import type { BrokerMessage, CandidateInit } from "./messages.ts";

/**
 * Reads one message of a broker, as a visitor or a Host gets it.
 *
 * Written by hand, unlike `client_message.ts`: this part is in every packed page, where a schema
 * library would weigh more than the whole rendezvous.
 *
 * Throws {@linkcode MessageError}: `too_large` over a limit of size, else `bad_message`.
 *
 * @example
 * ```ts
 * import { parseBrokerMessage } from "./broker_message.ts";
 *
 * const message = parseBrokerMessage('{"t":"error","message":"origin offline"}');
 * if (message.t !== "error") throw new Error(message.t);
 * ```
 */
export function parseBrokerMessage(text: unknown): BrokerMessage {
  const value = readMessageObject(text);
  const { t } = value;
  if (!isString(t) || !Object.hasOwn(TEXTS, t)) {
    throw new MessageError("bad_message", 'Cannot read the message: unknown type "t"');
  }
  const read: Members = { t };
  for (const [member, presence] of Object.entries(TEXTS[t as BrokerMessage["t"]])) {
    const given = value[member];
    // Other implementations may write `null` for what they do not know.
    const isAbsent = presence === "optional" && (given === undefined || given === null);
    if (!isAbsent) read[member] = string(value, member);
  }
  const { sdp, sessionId, message } = read;
  if (isString(sdp)) checkSdpSize(sdp, String(sessionId));
  if (isString(message)) read.message = message.slice(0, ERROR_CHARS);
  if (t === "candidate") read.candidate = candidate(value);
  return read as BrokerMessage; // every member of its type was just read
}

type Members = Record<string, unknown>;

/** The texts of each type of message. */
const TEXTS: Readonly<
  Record<BrokerMessage["t"], Readonly<Record<string, "needed" | "optional">>>
> = {
  registered: { podId: "needed" },
  offer: { podId: "optional", sessionId: "needed", sdp: "needed" },
  answer: { sessionId: "needed", sdp: "needed" },
  candidate: { sessionId: "needed" },
  error: { sessionId: "optional", message: "needed" },
  ping: {},
  pong: {},
};

/** How many characters a text may have; what is not named here has another limit. */
const LIMITS: Readonly<Record<string, number>> = {
  podId: POD_ID_CHARS,
  sessionId: SESSION_ID_CHARS,
};

function candidate(value: Members): CandidateInit | null {
  const given = value.candidate;
  if (given === null) return null;
  if (!isObject(given)) throw wrong(value, "candidate");
  const member: Members = given;
  const line = member.candidate;
  const index = member.sdpMLineIndex;
  if (
    !isShort(line, CANDIDATE_CHARS) || line === null ||
    !isShort(member.sdpMid, CANDIDATE_FIELD_CHARS) ||
    !isShort(member.usernameFragment, CANDIDATE_FIELD_CHARS) ||
    !(index === undefined || index === null ||
      typeof index === "number" && Number.isInteger(index) && index >= 0)
  ) throw wrong(value, "candidate");
  return {
    candidate: line,
    sdpMid: member.sdpMid,
    sdpMLineIndex: index,
    usernameFragment: member.usernameFragment,
  };
}

function isShort(value: unknown, limit: number): value is string | null | undefined {
  return value === undefined || value === null ||
    isString(value) && value.length <= limit;
}

function string(value: Members, member: string): string {
  const given = value[member];
  const isEmpty = given === "" && member !== "message";
  if (!isString(given) || isEmpty || given.length > (LIMITS[member] ?? Infinity)) {
    throw wrong(value, member);
  }
  return given;
}

function wrong(value: Members, member: string): MessageError {
  const about = value.sessionId;
  return wrongMember(
    String(value.t),
    member,
    isString(about) && about.length <= SESSION_ID_CHARS ? about : undefined,
  );
}
