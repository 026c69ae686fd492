import { CodedError } from "../base/mod.ts";
import { parseBrokerMessage } from "./broker_message.ts";
import { CANDIDATES_PER_SESSION } from "./limits.ts";
import {
  type BrokerMessage,
  type CandidateInit,
  type ClientMessage,
  isLastCandidate,
  ORIGIN_OFFLINE,
} from "./messages.ts";
import {
  SOCKET_CONNECTING,
  SOCKET_OPEN,
  type SocketEvents,
  type SocketLike,
} from "./socket_like.ts";

/** What {@linkcode offerOver} needs. */
export interface OfferOptions {
  /** Whom to ask for. */
  podId: string;
  /** A name for this attempt that nobody can guess: a UUID. */
  sessionId: string;
  /** The local offer. */
  sdp: string;
  /** The Host's answer; once. */
  onAnswer(sdp: string): void;
  /** A candidate of the Host, or that there are no more. May come before the answer. */
  onCandidate(candidate: CandidateInit | null): void;
  /**
   * It will not come to an answer, or the Host says that something is wrong. Codes:
   * `origin_offline`, `broker_unreachable` (the socket never opened), `signaling_closed` (it
   * closed before the answer), `signaling_error` (what the broker or the Host said).
   */
  onError(error: CodedError): void;
  /** Closes when aborted. */
  signal?: AbortSignal;
}

/** A visitor's rendezvous in progress. */
export interface VisitorRendezvous {
  /** Passes on a local candidate, or that there are no more. Kept until the offer went out. */
  candidate(candidate: CandidateInit | null): void;
  /** Lets go of the socket and closes it. Nothing is called afterwards. */
  close(): void;
}

/**
 * One visitor's rendezvous over a socket of its own, open or still connecting: sends the offer,
 * hands over the answer, trickles candidates both ways (spec: signaling.md).
 *
 * The socket may be closed as soon as the channel is open. When it closes by itself after the
 * answer, nothing is reported: the connection may well come about without it.
 */
export function offerOver(socket: SocketLike, options: OfferOptions): VisitorRendezvous {
  const { podId, sessionId, sdp, signal } = options;
  const waiting: (CandidateInit | null)[] = [];
  let state: "offering" | "asked" | "answered" | "closed" = "offering";
  let sent = 0;

  function send(message: ClientMessage): void {
    if (socket.readyState === SOCKET_OPEN) socket.send(JSON.stringify(message));
  }

  function candidate(given: CandidateInit | null): void {
    if (state === "closed") return;
    if (!isLastCandidate(given)) {
      if (sent >= CANDIDATES_PER_SESSION) return; // the broker would close the line for one more
      sent++;
    }
    if (state === "offering") waiting.push(given);
    else send({ t: "candidate", podId, sessionId, candidate: given });
  }

  function onOpen(): void {
    state = "asked";
    send({ t: "offer", podId, sessionId, sdp });
    for (const given of waiting.splice(0)) {
      send({ t: "candidate", podId, sessionId, candidate: given });
    }
  }

  function onMessage(event: SocketEvents["message"]): void {
    let message: BrokerMessage;
    try {
      message = parseBrokerMessage(event.data);
    } catch {
      return; // a message of a later protocol, or nonsense: neither is ours to answer
    }
    switch (message.t) {
      case "answer":
        if (message.sessionId !== sessionId || state !== "asked") return;
        state = "answered";
        return options.onAnswer(message.sdp);
      case "candidate":
        if (message.sessionId !== sessionId) return;
        return options.onCandidate(message.candidate);
      case "error":
        if (message.sessionId !== undefined && message.sessionId !== sessionId) return;
        return options.onError(
          message.message === ORIGIN_OFFLINE
            ? new CodedError("origin_offline", "The pod is offline: its Host is not connected")
            : new CodedError("signaling_error", `The broker says: ${message.message}`),
        );
      case "ping":
        return send({ t: "pong" });
      case "registered":
      case "offer":
      case "pong":
        return; // nothing that a visitor asks for
    }
  }

  function onClose(event: SocketEvents["close"]): void {
    const before = state;
    close();
    if (before === "answered" || before === "closed") return;
    options.onError(
      before === "offering"
        ? new CodedError("broker_unreachable", "Cannot reach the broker")
        : new CodedError(
          "signaling_closed",
          `The broker closed the line before the pod answered (${event.code})`,
        ),
    );
  }

  function close(): void {
    if (state === "closed") return;
    state = "closed";
    waiting.length = 0;
    socket.removeEventListener("open", onOpen);
    socket.removeEventListener("message", onMessage);
    socket.removeEventListener("close", onClose);
    signal?.removeEventListener("abort", close);
    if (socket.readyState === SOCKET_OPEN || socket.readyState === SOCKET_CONNECTING) {
      socket.close();
    }
  }

  socket.addEventListener("message", onMessage);
  socket.addEventListener("close", onClose);
  signal?.addEventListener("abort", close);
  if (signal?.aborted) close();
  else if (socket.readyState === SOCKET_OPEN) onOpen();
  else if (socket.readyState === SOCKET_CONNECTING) socket.addEventListener("open", onOpen);
  else queueMicrotask(() => onClose({ code: 1006, reason: "" })); // it closed before we came
  return { candidate, close };
}
