import { CodedError, isObject, isString, utf8Encode } from "../base/mod.ts";
import {
  CANDIDATE_CHARS,
  MESSAGE_BYTES,
  POD_ID_CHARS,
  SDP_BYTES,
  SESSION_ID_CHARS,
} from "./limits.ts";

/**
 * A message that cannot be read. `code` is `bad_message`, or `too_large` where a limit of size was
 * crossed; `message` says what was expected and may be sent to the peer.
 */
export class MessageError extends CodedError {
  override readonly name = "MessageError";
  /** The session that the message was about, where it could be read. */
  readonly sessionId: string | undefined;

  constructor(code: "bad_message" | "too_large", message: string, sessionId?: string) {
    super(code, message);
    this.sessionId = sessionId;
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  podId: `a string of 1 to ${POD_ID_CHARS} characters`,
  sessionId: `a string of 1 to ${SESSION_ID_CHARS} characters`,
  sdp: "a string that is not empty",
  candidate: `an RTCIceCandidateInit of at most ${CANDIDATE_CHARS} characters, or null`,
  message: "a string",
};

/** What is wrong with one member of a message. */
export function wrongMember(type: string, member: string, sessionId?: string): MessageError {
  const expected = EXPECTED[member] ?? "of another type";
  return new MessageError(
    "bad_message",
    `Cannot read "${type}": its ${member} must be ${expected}`,
    sessionId,
  );
}

/**
 * The JSON object of a message from a socket, still unchecked but for its size.
 *
 * Throws {@linkcode MessageError}.
 *
 * @param messageBytes the most that it may have
 */
export function readMessageObject(
  text: unknown,
  messageBytes: number = MESSAGE_BYTES,
): Record<string, unknown> {
  if (!isString(text)) {
    throw new MessageError("bad_message", "Cannot read the message: expected JSON text");
  }
  if (exceedsBytes(text, messageBytes)) {
    throw new MessageError(
      "too_large",
      `Cannot read the message: it is over ${messageBytes} bytes`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MessageError("bad_message", "Cannot read the message: it is not JSON");
  }
  if (!isObject(value)) {
    throw new MessageError("bad_message", "Cannot read the message: expected a JSON object");
  }
  return value;
}

/** Throws {@linkcode MessageError} `too_large` for an SDP that is over the limit. */
export function checkSdpSize(
  sdp: string,
  sessionId: string,
  sdpBytes: number = SDP_BYTES,
): void {
  if (!exceedsBytes(sdp, sdpBytes)) return;
  throw new MessageError(
    "too_large",
    `Cannot take the description: its sdp is over ${sdpBytes} bytes`,
    sessionId,
  );
}

/** Whether a text is longer than `limit` bytes of UTF-8, encoding it only where that is close. */
function exceedsBytes(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  return text.length * 3 > limit && utf8Encode(text).length > limit;
}
