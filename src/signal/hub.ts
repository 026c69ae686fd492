import type { Logger } from "../base/mod.ts";
import {
  CANDIDATES_PER_SESSION,
  type ClientMessage,
  CLOSE_CODE,
  MessageError,
  ORIGIN_OFFLINE,
  parseClientMessage,
  SILENT_AFTER_MS,
} from "../signaling/mod.ts";
import { type Admit, admitAll } from "./admission.ts";
import type { Connection } from "./connection.ts";
import type { BrokerLimits } from "./limits.ts";
import { Member } from "./member.ts";
import { RateWindow } from "./rate_window.ts";
import { countCandidate, otherSide, SessionTable } from "./session_table.ts";

/** What a {@linkcode Hub} is made with. */
export interface HubOptions {
  limits: BrokerLimits;
  log: Logger;
  /** @default admitAll */
  admit?: Admit;
  /**
   * A clock in milliseconds that never goes back.
   * @default performance.now
   */
  now?: () => number;
}

/** What a message is of, once its kind is known. */
type Of<T extends ClientMessage["t"]> = Extract<ClientMessage, { t: T }>;

/**
 * The rendezvous itself: who is registered, which sessions are open, who may say what to whom
 * (spec: signaling.md "WebSocket /signal"). Knows no sockets and has no timer.
 */
export class Hub {
  readonly #limits: BrokerLimits;
  readonly #log: Logger;
  readonly #admit: Admit;
  readonly #now: () => number;
  readonly #members = new Set<Member>();
  readonly #hosts = new Map<string, Member>();
  readonly #sessions = new SessionTable();
  readonly #newSessions: RateWindow;

  constructor(options: HubOptions) {
    this.#limits = options.limits;
    this.#log = options.log;
    this.#admit = options.admit ?? admitAll;
    this.#now = options.now ?? (() => performance.now());
    this.#newSessions = new RateWindow(options.limits.sessionsPerMinute, 60_000, this.#now);
  }

  /** How many pods are registered. */
  get origins(): number {
    return this.#hosts.size;
  }

  /** How many sessions are open. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /** A client has connected. */
  join(connection: Connection): Member {
    const member = new Member(connection, this.#now());
    this.#members.add(member);
    return member;
  }

  /** A client's line is gone, closed by either side. */
  leave(member: Member): void {
    if (member.gone) return;
    member.gone = true;
    this.#members.delete(member);
    for (const podId of member.pods) {
      this.#hosts.delete(podId);
      this.#log.info("origin_left", { pod: podId });
    }
    for (const session of [...member.sessions.values()]) {
      this.#sessions.end(session);
      if (session.answered) continue; // both have what they need, and may not care any more
      const message = member === session.host ? ORIGIN_OFFLINE : "visitor left";
      otherSide(session, member).complain(message, session.id);
    }
  }

  /** A client has said something. */
  receive(member: Member, text: unknown): void {
    if (member.gone) return;
    member.silence.heard(this.#now());
    let message: ClientMessage;
    try {
      message = parseClientMessage(text);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      if (error.code === "too_large") {
        return this.#overLimit(member, error.message, error.sessionId);
      }
      return member.complain(error.message, error.sessionId);
    }
    switch (message.t) {
      case "register":
        return this.#register(member, message);
      case "offer":
        return this.#offer(member, message);
      case "answer":
        return this.#answer(member, message);
      case "candidate":
        return this.#candidate(member, message);
      case "error":
        return this.#error(member, message);
      case "ping":
        member.silence.peerKnows();
        return member.connection.send({ t: "pong" });
      case "pong":
        return member.silence.peerKnows();
    }
  }

  /** Ends what took too long and whoever is silent; to be called every few seconds. */
  sweep(): void {
    const now = this.#now();
    for (const session of this.#sessions.olderThan(now - this.#limits.sessionLifetimeMs)) {
      this.#sessions.end(session);
      if (!session.answered) session.visitor.complain("the session took too long", session.id);
    }
    for (const member of this.#members) this.#sweepSilence(member, now);
  }

  /** Says goodbye to everybody. */
  stop(): void {
    for (const member of [...this.#members]) {
      this.#drop(member, CLOSE_CODE.STOPPING, "the broker is stopping");
    }
  }

  #sweepSilence(member: Member, now: number): void {
    if (member.role === "none") {
      if (now - member.joinedAt < SILENT_AFTER_MS) return;
      return this.#drop(member, CLOSE_CODE.SILENT, "neither a Host nor a visitor within 60 s");
    }
    // Who has never said ping or pong is of another implementation, and its line is watched below
    // us, by the WebSocket's own ping.
    if (!member.silence.peerKnowsPing) return;
    switch (member.silence.check(now)) {
      case "wait":
        return;
      case "ping":
        return member.connection.send({ t: "ping" });
      case "gone":
        return this.#drop(member, CLOSE_CODE.SILENT, "not a word for 60 s");
    }
  }

  #register(member: Member, { podId }: Of<"register">): void {
    if (member.role === "visitor") return member.complain("a visitor cannot register a pod");
    member.role = "host";
    if (!member.pods.has(podId) && member.pods.size >= this.#limits.podsPerSocket) {
      return this.#overLimit(member, `at most ${this.#limits.podsPerSocket} pods a socket`);
    }
    const admission = this.#admit({ podId });
    if (admission instanceof Promise) {
      admission.then((settled) => this.#admitted(member, podId, settled), (error) => {
        this.#log.error("admission_failed", { pod: podId, error: String(error) });
        member.complain("the pod cannot be registered now");
      });
    } else this.#admitted(member, podId, admission);
  }

  #admitted(member: Member, podId: string, admission: Awaited<ReturnType<Admit>>): void {
    if (member.gone) return;
    if (!admission.admitted) {
      member.complain(admission.message);
      return this.#drop(member, admission.closeCode, admission.message);
    }
    const older = this.#hosts.get(podId);
    if (older !== undefined && older !== member) {
      this.#drop(older, CLOSE_CODE.REPLACED, "replaced by new origin");
    }
    this.#hosts.set(podId, member);
    member.pods.add(podId);
    member.connection.send({ t: "registered", podId });
    this.#log.info("origin_registered", { pod: podId, replaced: older !== undefined });
  }

  #offer(member: Member, { podId, sessionId, sdp }: Of<"offer">): void {
    if (member.role === "host") return member.complain("a Host cannot make an offer", sessionId);
    member.role = "visitor";
    if (!this.#newSessions.take(member.connection.address)) {
      return this.#overLimit(
        member,
        `at most ${this.#limits.sessionsPerMinute} new sessions a minute`,
        sessionId,
      );
    }
    if (this.#sessions.has(sessionId)) {
      return member.complain("the session id is in use", sessionId);
    }
    const host = this.#hosts.get(podId);
    if (host === undefined) return member.complain(ORIGIN_OFFLINE, sessionId);
    this.#sessions.open(sessionId, podId, member, host, this.#now());
    // Which pod is asked for, only where that is a question: one that has a single pod gets the
    // bare form of the wire.
    const offer = { t: "offer", sessionId, sdp } as const;
    host.connection.send(host.pods.size > 1 ? { ...offer, podId } : offer);
  }

  #answer(member: Member, { sessionId, sdp }: Of<"answer">): void {
    const session = this.#sessions.of(member, sessionId);
    if (session === undefined) return member.complain("unknown session", sessionId);
    if (session.host !== member) {
      return member.complain("a visitor cannot answer an offer", sessionId);
    }
    if (session.answered) return member.complain("the session is answered already", sessionId);
    session.answered = true;
    session.visitor.connection.send({ t: "answer", sessionId, sdp });
  }

  #candidate(member: Member, { sessionId, candidate }: Of<"candidate">): void {
    const session = this.#sessions.of(member, sessionId);
    if (session === undefined) {
      if (!member.hadSession(sessionId)) member.complain("unknown session", sessionId);
      return;
    }
    if (!countCandidate(session, member, candidate)) {
      return this.#overLimit(
        member,
        `at most ${CANDIDATES_PER_SESSION} candidates a session`,
        sessionId,
      );
    }
    otherSide(session, member).connection.send({ t: "candidate", sessionId, candidate });
  }

  /** Passes a complaint on. Before the answer it is the end of the session: a refusal. */
  #error(member: Member, { sessionId, message }: Of<"error">): void {
    if (sessionId === undefined) return; // about us, and answering it could go on forever
    const session = this.#sessions.of(member, sessionId);
    if (session === undefined) {
      if (!member.hadSession(sessionId)) member.complain("unknown session", sessionId);
      return;
    }
    if (!session.answered) this.#sessions.end(session);
    otherSide(session, member).complain(message, sessionId);
  }

  #overLimit(member: Member, message: string, sessionId?: string): void {
    member.complain(message, sessionId);
    this.#log.warn("over_limit", { limit: message, role: member.role });
    this.#drop(member, CLOSE_CODE.LIMIT, message);
  }

  #drop(member: Member, code: number, reason: string): void {
    member.connection.close(code, reason);
    this.leave(member);
  }
}
