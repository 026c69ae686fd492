import {
  type BrokerMessage,
  type CandidateInit,
  CANDIDATES_PER_SESSION,
  isLastCandidate,
} from "../signaling/mod.ts";

import { ERRORS_PER_SESSION } from "./limits.ts";

/** One side of a session: a client of ours, or one of another broker's. */
export interface End {
  /** Whether it does not keep up with what it gets: see `Connection`. */
  readonly busy: boolean;
  /** Passes a message of the session on to it. */
  send(message: BrokerMessage): void;
  /** It takes part in a session from now on. */
  enter(session: Session): void;
  /** A session of its is over. */
  forget(sessionId: string): void;
}

/** One rendezvous: between the socket that made the offer and the socket that got it, no other. */
export interface Session {
  readonly id: string;
  readonly podId: string;
  readonly visitor: End;
  readonly host: End;
  readonly startedAt: number;
  answered: boolean;
  /** What each side has said beside offer and answer. */
  readonly said: { visitor: Said; host: Said };
}

/** How often one side said what it may say so many times. */
interface Said {
  candidates: number;
  /** That there are no more candidates. */
  ends: number;
  errors: number;
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

  open(id: string, podId: string, visitor: End, host: End, now: number): Session {
    const nothing: Said = { candidates: 0, ends: 0, errors: 0 };
    const session: Session = {
      id,
      podId,
      visitor,
      host,
      startedAt: now,
      answered: false,
      said: { visitor: { ...nothing }, host: { ...nothing } },
    };
    this.#sessions.set(id, session);
    visitor.enter(session);
    host.enter(session);
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
export function otherSide(session: Session, end: End): End {
  return session.host === end ? session.visitor : session.host;
}

/** Counts one more candidate of a side; false when it is one too many. */
export function countCandidate(
  session: Session,
  end: End,
  candidate: CandidateInit | null,
  most: number = CANDIDATES_PER_SESSION,
): boolean {
  const said = saidBy(session, end);
  if (isLastCandidate(candidate)) return ++said.ends <= most;
  return ++said.candidates <= most;
}

/** Counts one more error of a side; false when it is one too many. */
export function countError(session: Session, end: End): boolean {
  return ++saidBy(session, end).errors <= ERRORS_PER_SESSION;
}

function saidBy(session: Session, end: End): Said {
  return session.said[session.host === end ? "host" : "visitor"];
}
