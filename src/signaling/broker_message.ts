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
  switch (value.t) {
    case "registered":
      return { t: "registered", podId: string(value, "podId", POD_ID_CHARS) };
    case "offer": {
      const podId = optionalString(value, "podId", POD_ID_CHARS);
      const { sessionId, sdp } = description(value);
      return podId === undefined
        ? { t: "offer", sessionId, sdp }
        : { t: "offer", podId, sessionId, sdp };
    }
    case "answer":
      return { t: "answer", ...description(value) };
    case "candidate":
      return {
        t: "candidate",
        sessionId: string(value, "sessionId", SESSION_ID_CHARS),
        candidate: candidate(value),
      };
    case "error": {
      const sessionId = optionalString(value, "sessionId", SESSION_ID_CHARS);
      const message = string(value, "message", Infinity).slice(0, ERROR_CHARS);
      return sessionId === undefined ? { t: "error", message } : { t: "error", sessionId, message };
    }
    case "ping":
      return { t: "ping" };
    case "pong":
      return { t: "pong" };
    default:
      throw new MessageError("bad_message", 'Cannot read the message: unknown type "t"');
  }
}

type Members = Record<string, unknown>;

function description(value: Members): { sessionId: string; sdp: string } {
  const sessionId = string(value, "sessionId", SESSION_ID_CHARS);
  const sdp = string(value, "sdp", Infinity);
  checkSdpSize(sdp, sessionId);
  return { sessionId, sdp };
}

function candidate(value: Members): CandidateInit | null {
  const given = value.candidate;
  if (given === null) return null;
  if (typeof given !== "object" || Array.isArray(given)) throw wrong(value, "candidate");
  const member = given as Members; // any JSON object is this
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
    typeof value === "string" && value.length <= limit;
}

function string(value: Members, member: string, limit: number): string {
  const given = value[member];
  const empty = given === "" && member !== "message";
  if (typeof given !== "string" || empty || given.length > limit) throw wrong(value, member);
  return given;
}

/** Other implementations may write `null` for what they do not know. */
function optionalString(value: Members, member: string, limit: number): string | undefined {
  const given = value[member];
  return given === undefined || given === null ? undefined : string(value, member, limit);
}

function wrong(value: Members, member: string): MessageError {
  const about = value.sessionId;
  return wrongMember(
    String(value.t),
    member,
    typeof about === "string" && about.length <= SESSION_ID_CHARS ? about : undefined,
  );
}
