import { type BrokerMessage, type ClientMessage, ORIGIN_OFFLINE } from "../signaling/mod.ts";
import type { Bus, BusClient, RoutedOffer } from "./bus/bus.ts";
import type { SessionMessage } from "./bus/bus_message.ts";
import type { RemoteEnd } from "./bus/remote_end.ts";
import { type BrokerLimits, ERRORS_PER_SESSION } from "./limits.ts";
import { Member } from "./member.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { RateWindow } from "./rate_window.ts";
import {
  countCandidate,
  countError,
  type End,
  otherSide,
  type Session,
  SessionTable,
} from "./session_table.ts";

/** What a {@linkcode Rendezvous} is made with. */
export interface RendezvousOptions {
  limits: BrokerLimits;
  metrics: Metrics;
  now: () => number;
  /** The Host of a pod, where it is a client of ours. */
  hostOf(podId: string): Member | undefined;
  /** The other brokers, where there are any. */
  bus: Bus | undefined;
  referee: Referee;
}

/** Who tells clients what they did wrong. */
export interface Referee {
  /** Says that something was wrong, and counts it. */
  refuse(
    member: Member,
    reason: keyof Metrics["refusals"],
    message: string,
    sessionId?: string,
  ): void;
  /** The same, of a limit: ends with the socket. */
  overLimit(member: Member, message: string, sessionId?: string): void;
}

/** What is said to whoever sends more than the other side reads. */
const BUSY = "the other side does not keep up";

/** What a message is of, once its kind is known. */
type Of<T extends ClientMessage["t"]> = Extract<ClientMessage, { t: T }>;

/**
 * The sessions: from a visitor's offer to the Host's answer and the candidates of both. Each belongs
 * to two ends and to nobody else; either may be another broker's.
 */
export class Rendezvous implements Omit<BusClient, "replaced"> {
  readonly #limits: BrokerLimits;
  readonly #metrics: Metrics;
  readonly #now: () => number;
  readonly #hostOf: (podId: string) => Member | undefined;
  readonly #bus: Bus | undefined;
  readonly #referee: Referee;
  readonly #sessions = new SessionTable();
  readonly #newSessions: RateWindow;

  constructor(options: RendezvousOptions) {
    this.#limits = options.limits;
    this.#metrics = options.metrics;
    this.#now = options.now;
    this.#hostOf = options.hostOf;
    this.#bus = options.bus;
    this.#referee = options.referee;
    this.#newSessions = new RateWindow(options.limits.sessionsPerMinute, 60_000, this.#now);
  }

  /** How many sessions are open. */
  get size(): number {
    return this.#sessions.size;
  }

  /** A client makes an offer. */
  offer(member: Member, { podId, sessionId, sdp }: Of<"offer">): void {
    if (member.role === "host") {
      this.#metrics.offers.refused++;
      return this.#referee.refuse(
        member,
        "wrong_role",
        "a Host cannot make an offer",
        sessionId,
      );
    }
    member.role = "visitor";
    if (!this.#newSessions.take(member.connection.address)) {
      this.#metrics.offers.refused++;
      return this.#referee.overLimit(
        member,
        `at most ${this.#limits.sessionsPerMinute} new sessions a minute`,
        sessionId,
      );
    }
    if (this.#sessions.has(sessionId)) {
      this.#metrics.offers.refused++;
      return this.#referee.refuse(
        member,
        "session_in_use",
        "the session id is in use",
        sessionId,
      );
    }
    const offer = { t: "offer", podId, sessionId, sdp } as const;
    const host = this.#hostOf(podId);
    if (host !== undefined) {
      this.#metrics.offers.relayed++;
      return this.#open(offer, member, host);
    }
    const remote = this.#bus?.call(offer);
    if (remote === undefined) {
      this.#metrics.offers.offline++;
      return member.complain(ORIGIN_OFFLINE, sessionId);
    }
    this.#metrics.offers.relayed++;
    this.#sessions.open(sessionId, podId, member, remote, this.#now());
  }

  /** A Host answers. */
  answer(member: Member, { sessionId, sdp }: Of<"answer">): void {
    const session = member.sessions.get(sessionId);
    if (session === undefined) return this.#unknownSession(member, sessionId);
    if (session.host !== member) {
      return this.#referee.refuse(
        member,
        "wrong_role",
        "a visitor cannot answer an offer",
        sessionId,
      );
    }
    if (session.answered) {
      const message = "the session is answered already";
      return this.#referee.refuse(member, "already_answered", message, sessionId);
    }
    this.#answered(session, sdp);
  }

  /** A client has a candidate for the other side. */
  candidate(member: Member, { sessionId, candidate }: Of<"candidate">): void {
    const session = member.sessions.get(sessionId);
    if (session === undefined) {
      if (!member.hadSession(sessionId)) this.#unknownSession(member, sessionId);
      return;
    }
    const { candidatesPerSession } = this.#limits;
    if (!countCandidate(session, member, candidate, candidatesPerSession)) {
      return this.#referee.overLimit(
        member,
        `at most ${candidatesPerSession} candidates a session`,
        sessionId,
      );
    }
    this.#pass(session, member, { t: "candidate", sessionId, candidate });
  }

  /** Passes a complaint on. Before the answer it is the end of the session: a refusal. */
  error(member: Member, { sessionId, message }: Of<"error">): void {
    if (sessionId === undefined) return; // about us, and answering it could go on forever
    const session = member.sessions.get(sessionId);
    if (session === undefined) {
      if (!member.hadSession(sessionId)) this.#unknownSession(member, sessionId);
      return;
    }
    if (!countError(session, member)) {
      const limit = `at most ${ERRORS_PER_SESSION} errors a session`;
      return this.#referee.overLimit(member, limit, sessionId);
    }
    this.#complained(session, member, message);
  }

  /** A client is gone, and its sessions with it. */
  leave(member: Member): void {
    for (const session of [...member.sessions.values()]) this.#left(session, member);
  }

  /** Ends what took too long. */
  sweep(): void {
    for (const session of this.#sessions.olderThan(this.#now() - this.#limits.sessionLifetimeMs)) {
      this.#sessions.end(session);
      if (session.answered) continue;
      this.#metrics.unanswered.expired++;
      if (session.visitor instanceof Member) { // else its own broker counts and tells
        session.visitor.complain("the session took too long", session.id);
      }
    }
  }

  called(offer: RoutedOffer, visitor: RemoteEnd): boolean {
    const host = this.#hostOf(offer.podId);
    if (host === undefined) return false;
    if (!this.#sessions.has(offer.sessionId)) {
      this.#metrics.offers.relayed++;
      this.#open(offer, visitor, host);
      return true;
    }
    this.#metrics.offers.refused++;
    visitor.send({
      t: "error",
      sessionId: offer.sessionId,
      message: "the session id is in use",
    });
    visitor.forget(offer.sessionId);
    return true;
  }

  said(end: RemoteEnd, say: SessionMessage): void {
    const { session } = end;
    if (session === undefined) return;
    switch (say.t) {
      case "answer":
        if (session.host === end && !session.answered) this.#answered(session, say.sdp);
        return;
      case "candidate":
        if (!countCandidate(session, end, say.candidate, this.#limits.candidatesPerSession)) return;
        return this.#pass(session, end, {
          t: "candidate",
          sessionId: session.id,
          candidate: say.candidate,
        });
      case "error":
        if (!countError(session, end)) return;
        return this.#complained(session, end, say.message);
      case "end":
        return this.#left(session, end);
      case "offer": // taken by `called`
      case "probe": // that it was taken is the answer
        return;
    }
  }

  lost(end: RemoteEnd): void {
    if (end.session !== undefined) this.#left(end.session, end);
  }

  cameHome(end: RemoteEnd, said: readonly SessionMessage[]): void {
    const { session } = end;
    if (session === undefined) return;
    const { id: sessionId, podId, visitor } = session;
    const host = this.#hostOf(podId);
    if (host === undefined || !(visitor instanceof Member)) return this.#left(session, end);
    this.#sessions.end(session);
    for (const say of said) {
      if (say.t === "offer") this.#open(say, visitor, host);
      else if (say.t === "candidate") {
        this.candidate(visitor, { t: "candidate", sessionId, candidate: say.candidate });
      }
    }
  }

  /** Opens a session with a Host of ours. */
  #open({ podId, sessionId, sdp }: RoutedOffer, visitor: End, host: Member): void {
    if (host.busy) {
      this.#metrics.offers.refused++;
      visitor.send({ t: "error", sessionId, message: BUSY });
      return visitor.forget(sessionId);
    }
    this.#sessions.open(sessionId, podId, visitor, host, this.#now());
    host.announce(podId);
    // Which pod is asked for, only where that is a question: one that has a single pod gets the
    // bare form of the wire.
    const offer = { t: "offer", sessionId, sdp } as const;
    host.send(host.pods.size > 1 ? { ...offer, podId } : offer);
  }

  #answered(session: Session, sdp: string): void {
    session.answered = true;
    this.#metrics.answerSeconds.observe((this.#now() - session.startedAt) / 1000);
    session.visitor.send({ t: "answer", sessionId: session.id, sdp });
  }

  #complained(session: Session, end: End, message: string): void {
    this.#pass(session, end, { t: "error", sessionId: session.id, message });
    if (session.answered || !this.#sessions.has(session.id)) return;
    this.#metrics.unanswered.refused++;
    this.#sessions.end(session);
  }

  /**
   * Passes a message on to the other side. Where that does not keep up, it is the session that ends
   * and not its line, so that no visitor can fill a Host's line until it is closed.
   */
  #pass(session: Session, from: End, message: BrokerMessage): void {
    const to = otherSide(session, from);
    if (!to.busy) return to.send(message);
    from.send({ t: "error", sessionId: session.id, message: BUSY });
    this.#sessions.end(session);
  }

  /** One side is gone. */
  #left(session: Session, end: End): void {
    this.#sessions.end(session);
    if (session.answered) return; // both have what they need, and may not care any more
    this.#metrics.unanswered[end === session.host ? "origin_left" : "visitor_left"]++;
    const other = otherSide(session, end);
    if (!(other instanceof Member)) return; // its own broker was told of the end, and tells it
    other.complain(end === session.host ? ORIGIN_OFFLINE : "visitor left", session.id);
  }

  #unknownSession(member: Member, sessionId: string): void {
    this.#referee.refuse(member, "unknown_session", "unknown session", sessionId);
  }
}
