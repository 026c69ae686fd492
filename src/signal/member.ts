import { type BrokerMessage, Silence } from "../signaling/mod.ts";
import type { Connection } from "./connection.ts";
import { ENDED_SESSIONS_REMEMBERED } from "./limits.ts";
import type { End, Session } from "./session_table.ts";

/** What a socket has become; it never changes again. */
export type Role = "none" | "host" | "visitor";

const NO_SESSIONS: ReadonlyMap<string, Session> = new Map();

/** A client of the hub, for as long as its line stands. */
export class Member implements End {
  readonly connection: Connection;
  readonly joinedAt: number;
  readonly silence: Silence;
  role: Role = "none";
  gone = false;
  /** The pods that it has registered. */
  readonly pods = new Set<string>();
  /**
   * The pods that it asked to register, those that wait to be admitted included, and when: the
   * number of the registration among all of the hub's.
   */
  readonly asked = new Map<string, number>();
  // Made when they are needed: most clients are Hosts that wait.
  #sessions: Map<string, Session> | undefined;
  #ended: Set<string> | undefined;
  #unannounced: Set<string> | undefined;

  constructor(connection: Connection, now: number) {
    this.connection = connection;
    this.joinedAt = now;
    this.silence = new Silence(now);
  }

  /** The sessions that it takes part in, by id. */
  get sessions(): ReadonlyMap<string, Session> {
    return this.#sessions ?? NO_SESSIONS;
  }

  get busy(): boolean {
    return this.connection.busy;
  }

  /** Says that something it sent was wrong. */
  complain(message: string, sessionId?: string): void {
    this.connection.send(
      sessionId === undefined ? { t: "error", message } : { t: "error", sessionId, message },
    );
  }

  /** A pod is registered, and is said to be as soon as it can be called from everywhere. */
  register(podId: string): void {
    this.pods.add(podId);
    (this.#unannounced ??= new Set()).add(podId);
  }

  /** Says that a pod is registered, unless it was said; before its first offer at the latest. */
  announce(podId: string): void {
    if (!this.#unannounced?.delete(podId)) return;
    if (this.#unannounced.size === 0) this.#unannounced = undefined;
    this.send({ t: "registered", podId });
  }

  send(message: BrokerMessage): void {
    this.connection.send(message);
  }

  enter(session: Session): void {
    (this.#sessions ??= new Map()).set(session.id, session);
  }

  forget(sessionId: string): void {
    this.#sessions?.delete(sessionId);
    const ended = this.#ended ??= new Set();
    ended.add(sessionId);
    if (ended.size <= ENDED_SESSIONS_REMEMBERED) return;
    const { value } = ended.values().next();
    if (value !== undefined) ended.delete(value);
  }

  /**
   * Whether a session of this client ended a while ago. A visitor hangs up as soon as its channel
   * is open, while the Host's slower candidates are still on their way: they are nobody's mistake.
   */
  hadSession(sessionId: string): boolean {
    return this.#ended?.has(sessionId) ?? false;
  }
}
