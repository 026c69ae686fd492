import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { openDatabase } from "./sqlite_file.ts";

/** What the event log tells of (host.md, "Conversations"). */
export type LoggedKind = "run" | "message" | "tool_call" | "peer" | "error";

/** One thing that happened. It never holds what was said: that goes with its conversation. */
export interface LoggedEvent {
  /** Unix milliseconds. */
  readonly at: number;
  readonly kind: LoggedKind;
  readonly podId: string;
  readonly conversationId?: string;
  readonly peerId?: string;
  /** What belongs to it: a model's name, a duration, a count. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/** The same as it was kept. */
export interface ReadEvent extends LoggedEvent {
  /** Grows with time. */
  readonly id: number;
}

/** Which events to read. */
export interface ReadEvents {
  readonly podId?: string;
  readonly kind?: LoggedKind;
  /** Those after this id alone: to follow a log that goes on. */
  readonly after?: number;
  /** At most so many, the newest. */
  readonly newest: number;
}

/** The event log of a Host: its owner's audit, beside the conversations. */
export interface EventLog extends Disposable {
  /** Keeps events, all or none of them. */
  append(events: readonly LoggedEvent[]): void;
  /** Oldest first. */
  read(which: ReadEvents): ReadEvent[];
  /** Forgets what is older than a moment, in Unix milliseconds. Returns how many are gone. */
  prune(before: number): number;
}

/** How many events are kept: months of a busy pod, some 20 MB. */
const MAX_EVENTS = 100_000;

/** A part of that may be over before the oldest go: deleting one by one would double each write. */
const SLACK = 0.01;

/** The log is written in the Host's own turn, so it does not wait long for another process. */
const BUSY_TIMEOUT_MS = 100;

const eventRow = z.object({
  id: z.number(),
  at: z.number(),
  kind: z.enum(["run", "message", "tool_call", "peer", "error"]),
  podId: z.string(),
  conversationId: z.string().nullable().transform((value) => value ?? undefined),
  peerId: z.string().nullable().transform((value) => value ?? undefined),
  detail: z.string().transform((json) =>
    z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).parse(JSON.parse(json))
  ),
});

/**
 * The event log in the Host's database, on a connection of its own: what is wrong with it harms no
 * conversation.
 *
 * Throws where the file cannot be opened, is no database, or was written by a newer build.
 */
export function openEventLog(
  path: string,
  options: {
    /** How many events are kept, the newest. @default 100,000 */
    maxEvents?: number;
  } = {},
): EventLog {
  return new SqliteEventLog(openDatabase(path, BUSY_TIMEOUT_MS), options.maxEvents ?? MAX_EVENTS);
}

class SqliteEventLog implements EventLog {
  readonly #database: DatabaseSync;
  readonly #insert;
  readonly #read;
  readonly #count;
  readonly #trim;
  readonly #prune;
  readonly #maxEvents: number;
  #sinceTrim = Infinity; // the log of an earlier run is looked at once

  constructor(database: DatabaseSync, maxEvents: number) {
    this.#database = database;
    this.#maxEvents = maxEvents;
    this.#insert = database.prepare(`
      INSERT INTO events (at, kind, pod_id, conversation_id, peer_id, detail)
      VALUES (?, ?, ?, ?, ?, ?)`);
    this.#read = database.prepare(`
      SELECT id, at, kind, pod_id AS podId, conversation_id AS conversationId, peer_id AS peerId,
        detail
      FROM events
      WHERE (:podId IS NULL OR pod_id = :podId) AND (:kind IS NULL OR kind = :kind)
        AND id > :after
      ORDER BY id DESC LIMIT :newest`);
    this.#count = database.prepare(`SELECT count(*) AS count FROM events`);
    this.#trim = database.prepare(`
      DELETE FROM events WHERE id <= (SELECT id FROM events ORDER BY id DESC LIMIT 1 OFFSET ?)`);
    this.#prune = database.prepare(`DELETE FROM events WHERE at < ?`);
  }

  append(events: readonly LoggedEvent[]): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      for (const { at, kind, podId, conversationId, peerId, detail } of events) {
        const json = JSON.stringify(detail);
        this.#insert.run(at, kind, podId, conversationId ?? null, peerId ?? null, json);
      }
      this.#trimAfter(events.length);
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  read({ podId, kind, after = 0, newest }: ReadEvents): ReadEvent[] {
    const rows = this.#read.all({ podId: podId ?? null, kind: kind ?? null, after, newest });
    return z.array(eventRow).parse(rows).map(({ conversationId, peerId, ...event }) => ({
      ...event,
      ...(conversationId === undefined ? {} : { conversationId }),
      ...(peerId === undefined ? {} : { peerId }),
    })).reverse();
  }

  prune(before: number): number {
    return Number(this.#prune.run(before).changes);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #trimAfter(added: number): void {
    this.#sinceTrim += added;
    if (this.#sinceTrim < this.#maxEvents * SLACK) return;
    this.#sinceTrim = 0;
    const { count } = z.object({ count: z.number() }).parse(this.#count.get());
    if (count > this.#maxEvents) this.#trim.run(this.#maxEvents);
  }
}
