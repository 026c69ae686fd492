import { Silence } from "../signaling/mod.ts";
import type { Connection } from "./connection.ts";
import { ENDED_SESSIONS_REMEMBERED } from "./limits.ts";
import type { Session } from "./session_table.ts";

/** What a socket has become; it never changes again. */
export type Role = "none" | "host" | "visitor";

/** A client of the hub, for as long as its line stands. */
export class Member {
  readonly connection: Connection;
  readonly joinedAt: number;
  readonly silence: Silence;
  role: Role = "none";
  gone = false;
  /** The sessions that it takes part in, by id. */
  readonly sessions = new Map<string, Session>();
  /** The pods that it has registered. */
  readonly pods = new Set<string>();
  readonly #ended = new Set<string>();

  constructor(connection: Connection, now: number) {
    this.connection = connection;
    this.joinedAt = now;
    this.silence = new Silence(now);
  }

  /** Says that something it sent was wrong. */
  complain(message: string, sessionId?: string): void {
    this.connection.send(
      sessionId === undefined ? { t: "error", message } : { t: "error", sessionId, message },
    );
  }

  /** A session of this client is over. */
  forget(sessionId: string): void {
    this.sessions.delete(sessionId);
    this.#ended.add(sessionId);
    if (this.#ended.size <= ENDED_SESSIONS_REMEMBERED) return;
    const { value } = this.#ended.values().next();
    if (value !== undefined) this.#ended.delete(value);
  }

  /**
   * Whether a session of this client ended a while ago. A visitor hangs up as soon as its channel
   * is open, while the Host's slower candidates are still on their way: they are nobody's mistake.
   */
  hadSession(sessionId: string): boolean {
    return this.#ended.has(sessionId);
  }
}
