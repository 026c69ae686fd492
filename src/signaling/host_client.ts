import { parseBrokerMessage } from "./broker_message.ts";
import { MessageError } from "./message_error.ts";
import type { BrokerMessage, CandidateInit, ClientMessage } from "./messages.ts";
import { ORIGIN_OFFLINE } from "./messages.ts";
import { PING_AFTER_MS } from "./limits.ts";
import { Silence } from "./silence.ts";
import {
  SOCKET_CONNECTING,
  SOCKET_OPEN,
  type SocketEvents,
  type SocketLike,
} from "./socket_like.ts";

/** An offer that a visitor made. */
export interface IncomingOffer {
  sessionId: string;
  /**
   * The pod that is asked for. Absent only where several pods share the socket and the broker, of
   * another implementation, does not say which.
   */
  podId?: string;
  sdp: string;
}

/** What {@linkcode hostOver} needs. */
export interface HostOptions {
  /** The pods to register as soon as the socket is open. One a socket is best: see `IncomingOffer`. */
  podIds: readonly string[];
  onRegistered(podId: string): void;
  onOffer(offer: IncomingOffer): void;
  onCandidate(sessionId: string, candidate: CandidateInit | null): void;
  /** What the broker or a visitor complains of; without a session it is about the registration. */
  onError(error: { sessionId?: string; message: string }): void;
  /**
   * The line is gone; once, and not after `close()`. Code 4001 means that another Host took over:
   * that pod does not register again by itself. 1006 stands for a line that was lost or never
   * opened.
   */
  onClose(closed: { code: number; reason: string }): void;
  /**
   * Silence before a ping, in milliseconds.
   * @default PING_AFTER_MS
   */
  pingMs?: number;
}

/** A Host's line to its broker. What is sent while the line is down is lost with its session. */
export interface HostLine {
  /** Registers one more pod on this line. */
  register(podId: string): void;
  answer(sessionId: string, sdp: string): void;
  candidate(sessionId: string, candidate: CandidateInit | null): void;
  /** Refuses an offer, with a reason for the visitor. */
  error(sessionId: string, message: string): void;
  /** Lets go of the socket and closes it. Nothing is called afterwards. */
  close(): void;
}

/** How often silence is looked at, as a part of `pingMs`. */
const LOOKS_PER_PING = 5;

/**
 * The Host's side of the rendezvous over a socket that it is given, open or still connecting
 * (spec: signaling.md). Reconnecting is the owner's business, on another socket.
 */
export function hostOver(socket: SocketLike, options: HostOptions): HostLine {
  const { pingMs = PING_AFTER_MS } = options;
  const pods = new Set(options.podIds);
  const registered = new Set<string>();
  const silence = new Silence(performance.now(), pingMs);
  let closed = false;

  const look = setInterval(() => {
    if (socket.readyState !== SOCKET_OPEN) return;
    switch (silence.check(performance.now())) {
      case "wait":
        return;
      case "ping":
        return send({ t: "ping" });
      case "gone": {
        close();
        return options.onClose({ code: 1006, reason: "the broker does not answer" });
      }
    }
  }, pingMs / LOOKS_PER_PING);

  function send(message: ClientMessage): void {
    if (!closed && socket.readyState === SOCKET_OPEN) socket.send(JSON.stringify(message));
  }

  function onOpen(): void {
    silence.heard(performance.now());
    for (const podId of pods) send({ t: "register", podId });
  }

  function onMessage(event: SocketEvents["message"]): void {
    const asking = silence.askingStranger;
    silence.heard(performance.now());
    let message: BrokerMessage;
    try {
      message = parseBrokerMessage(event.data);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      return options.onError(about(error.sessionId, error.message));
    }
    switch (message.t) {
      case "registered":
        registered.add(message.podId);
        return options.onRegistered(message.podId);
      case "offer":
        return onOffer(message);
      case "candidate":
        return options.onCandidate(message.sessionId, message.candidate);
      case "error":
        // A broker that does not know ping may say so this way; that is no trouble of the pod's.
        if (asking && message.sessionId === undefined) return silence.peerRefuses();
        return options.onError(about(message.sessionId, message.message));
      case "ping":
        silence.peerKnows();
        return send({ t: "pong" });
      case "pong":
        return silence.peerKnows();
      case "answer":
        return; // nothing that a Host asks for
    }
  }

  function onOffer(offer: BrokerMessage & { t: "offer" }): void {
    const { sessionId, sdp } = offer;
    const [only] = registered;
    const podId = offer.podId ?? (registered.size === 1 ? only : undefined);
    if (podId === undefined) return options.onOffer({ sessionId, sdp });
    if (!registered.has(podId)) return send({ t: "error", sessionId, message: ORIGIN_OFFLINE });
    options.onOffer({ sessionId, podId, sdp });
  }

  function onClose(event: SocketEvents["close"]): void {
    close();
    options.onClose({ code: event.code, reason: event.reason });
  }

  function close(): void {
    if (closed) return;
    closed = true;
    clearInterval(look);
    socket.removeEventListener("open", onOpen);
    socket.removeEventListener("message", onMessage);
    socket.removeEventListener("close", onClose);
    if (socket.readyState === SOCKET_OPEN || socket.readyState === SOCKET_CONNECTING) {
      socket.close();
    }
  }

  socket.addEventListener("message", onMessage);
  socket.addEventListener("close", onClose);
  if (socket.readyState === SOCKET_OPEN) onOpen();
  else if (socket.readyState === SOCKET_CONNECTING) socket.addEventListener("open", onOpen);
  else queueMicrotask(() => closed || onClose({ code: 1006, reason: "" })); // closed before we came

  return {
    register(podId) {
      pods.add(podId);
      send({ t: "register", podId });
    },
    answer: (sessionId, sdp) => send({ t: "answer", sessionId, sdp }),
    candidate: (sessionId, candidate) => send({ t: "candidate", sessionId, candidate }),
    error: (sessionId, message) => send({ t: "error", sessionId, message }),
    close,
  };
}

function about(sessionId: string | undefined, message: string) {
  return sessionId === undefined ? { message } : { sessionId, message };
}
