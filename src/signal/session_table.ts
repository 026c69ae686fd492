import { type CandidateInit, CANDIDATES_PER_SESSION, isLastCandidate } from "../signaling/mod.ts";
import type { Member } from "./member.ts";

/** One rendezvous: between the socket that made the offer and the socket that got it, no other. */
export interface Session {
  readonly id: string;
  readonly podId: string;
  readonly visitor: Member;
  readonly host: Member;
  readonly startedAt: number;
  answered: boolean;
  readonly candidates: { visitor: CandidateCount; host: CandidateCount };
}

interface CandidateCount {
  lines: number;
  ends: number;
}

/** The rendezvous in progress. */
export class SessionTable {
  readonly #sessions = new Map<string, Session>(); // in order of their start

  get size(): number {
    return this.#sessions.size;
  }

  has(id: string): boolean {
    return this.#sessions.has(id);
  }

  /** The session of this id if this member takes part in it. To all others it does not exist. */
  of(member: Member, id: string): Session | undefined {
    return member.sessions.get(id);
  }

  open(id: string, podId: string, visitor: Member, host: Member, now: number): Session {
    const candidates = { visitor: { lines: 0, ends: 0 }, host: { lines: 0, ends: 0 } };
    const session: Session = {
      id,
      podId,
      visitor,
      host,
      startedAt: now,
      answered: false,
      candidates,
    };
    this.#sessions.set(id, session);
    visitor.sessions.set(id, session);
    host.sessions.set(id, session);
    return session;
  }

  end(session: Session): void {
    this.#sessions.delete(session.id);
    session.visitor.forget(session.id);
    session.host.forget(session.id);
  }

  /** The sessions that began before a moment. */
  *olderThan(moment: number): Generator<Session> {
    for (const session of this.#sessions.values()) {
      if (session.startedAt > moment) return;
      yield session;
    }
  }
}

/** The other side of a session. */
export function otherSide(session: Session, member: Member): Member {
  return session.host === member ? session.visitor : session.host;
}

/** Counts one more candidate of a side; false when it is one too many. */
export function countCandidate(
  session: Session,
  member: Member,
  candidate: CandidateInit | null,
): boolean {
  const count = session.candidates[session.host === member ? "host" : "visitor"];
  if (isLastCandidate(candidate)) return ++count.ends <= CANDIDATES_PER_SESSION;
  return ++count.lines <= CANDIDATES_PER_SESSION;
}
