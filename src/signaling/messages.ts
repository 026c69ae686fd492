/**
 * Every message of the rendezvous, as types (spec: signaling.md "WebSocket /signal").
 * `client_message.ts` and `broker_message.ts` read them from a socket.
 */

/**
 * A candidate as the field sends it: the browser's `RTCIceCandidateInit` (W3C WebRTC 4.8.1.1).
 * An empty or absent `candidate`, like `null` in its place, says that there are no more.
 */
export interface CandidateInit {
  candidate?: string;
  sdpMid?: string | null;
  sdpMLineIndex?: number | null;
  usernameFragment?: string | null;
}

/** Whether this says that there are no more candidates. */
export function isLastCandidate(candidate: CandidateInit | null): boolean {
  return candidate === null || candidate.candidate === undefined || candidate.candidate === "";
}

/** From a client to a broker. */
export type ClientMessage =
  | { t: "register"; podId: string }
  | { t: "offer"; podId: string; sessionId: string; sdp: string }
  | { t: "answer"; sessionId: string; sdp: string }
  | { t: "candidate"; podId?: string; sessionId: string; candidate: CandidateInit | null }
  | { t: "error"; sessionId?: string; message: string }
  | { t: "ping" }
  | { t: "pong" };

/** From a broker to a client. */
export type BrokerMessage =
  | { t: "registered"; podId: string }
  /** `podId` is ours, to a socket that registered several pods: which of them is asked for. */
  | { t: "offer"; podId?: string; sessionId: string; sdp: string }
  | { t: "answer"; sessionId: string; sdp: string }
  | { t: "candidate"; sessionId: string; candidate: CandidateInit | null }
  | { t: "error"; sessionId?: string; message: string }
  | { t: "ping" }
  | { t: "pong" };

/** What a broker says when no Host is there; other implementations compare it to the letter. */
export const ORIGIN_OFFLINE = "origin offline";
