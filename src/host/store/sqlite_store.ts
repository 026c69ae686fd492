import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { utf8Decode } from "../../base/mod.ts";
import type {
  ConversationStore,
  ConversationSummary,
  ReadMessages,
  StoredMessage,
  Turn,
} from "./conversation_store.ts";
import { BUSY_TIMEOUT_MS, openDatabase } from "./sqlite_file.ts";

const messageRow = z.object({
  row: z.number(),
  id: z.string(),
  role: z.enum(["user", "assistant"]),
  content: z.instanceof(Uint8Array).transform(utf8Decode),
  status: z.enum(["done", "cut", "cancelled", "error"]),
  createdAt: z.number(),
  superseded: z.number().transform((flag) => flag !== 0),
});

const summaryRow = z.object({
  podId: z.string(),
  conversationId: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  messages: z.number(),
});

/**
 * How long a write waits once one has waited in vain, in milliseconds, until one succeeds: the whole
 * Host waits with it, and who locks a database for seconds may do so for hours.
 */
const BUSY_AGAIN_MS = 50;

/** Options of {@linkcode openSqliteStore}. */
export interface SqliteStoreOptions {
  /** The file; made with mode 0600 where it is not there. */
  path: string;
  /** @default Date.now */
  now?: () => number;
}

/**
 * Conversations in a SQLite file. Throws where the file cannot be opened, is no database, or was
 * written by a newer build.
 */
export function openSqliteStore(options: SqliteStoreOptions): ConversationStore {
  return new SqliteStore(openDatabase(options.path), options.now ?? Date.now);
}

class SqliteStore implements ConversationStore {
  readonly kind = "sqlite";
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #now: () => number;
  #busyMs = BUSY_TIMEOUT_MS;

  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database;
    this.#statements = prepare(database);
    this.#now = now;
  }

  messages(podId: string, conversationId: string, read: ReadMessages): StoredMessage[] {
    const { newest, which = "live" } = read;
    const statement = which === "all" ? this.#statements.all : this.#statements.live;
    return z.array(messageRow).parse(statement.all(podId, conversationId, newest)).reverse();
  }

  appendTurn(turn: Turn): void {
    const { podId, conversationId, messages, supersedes = [] } = turn;
    const at = this.#now();
    this.#transaction(() => {
      const conversation = this.#touch(podId, conversationId, at);
      for (const row of supersedes) this.#statements.supersede.run(at, row, conversation);
      for (const { id, role, content, status } of messages) {
        this.#statements.insert.run(conversation, id, role, content, status, at);
      }
    });
  }

  state(podId: string, conversationId: string): string | undefined {
    const found = this.#statements.state.get(podId, conversationId);
    return z.object({ state: z.string().nullable() }).optional().parse(found)?.state ?? undefined;
  }

  setState(podId: string, conversationId: string, json: string | undefined): void {
    this.#transaction(() => {
      const conversation = this.#touch(podId, conversationId, this.#now());
      this.#statements.setState.run(json ?? null, conversation);
    });
  }

  list(podId: string, { newest = Number.MAX_SAFE_INTEGER } = {}): ConversationSummary[] {
    return z.array(summaryRow).parse(this.#statements.list.all(podId, newest));
  }

  count(podId: string): number {
    return z.object({ count: z.number() }).parse(this.#statements.count.get(podId)).count;
  }

  clear(podId: string, conversationId?: string): number {
    const { changes } = conversationId === undefined
      ? this.#statements.clearPod.run(podId)
      : this.#statements.clear.run(podId, conversationId);
    return Number(changes);
  }

  prune(before: number): number {
    return Number(this.#statements.prune.run(before).changes);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  /** Makes the conversation where it is not there, and returns its row. */
  #touch(podId: string, conversationId: string, at: number): number {
    return z.object({ id: z.number() })
      .parse(this.#statements.touch.get(podId, conversationId, at, at)).id;
  }

  #transaction(work: () => void): void {
    try {
      this.#database.exec("BEGIN IMMEDIATE"); // the write lock at once: no upgrade that can fail
    } catch (error) {
      this.#waitFor(BUSY_AGAIN_MS);
      throw error;
    }
    this.#waitFor(BUSY_TIMEOUT_MS);
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #waitFor(ms: number): void {
    if (this.#busyMs === ms) return;
    this.#busyMs = ms;
    this.#database.exec(`PRAGMA busy_timeout = ${ms}`);
  }
}

type Statements = ReturnType<typeof prepare>;

/** Parsed once: preparing costs more than running. */
function prepare(database: DatabaseSync) {
  // as bytes: read as text, a message would end at its first NUL
  const newest = (condition: string) =>
    database.prepare(`
      SELECT m.id AS row, m.message_id AS id, m.role, CAST(m.content AS BLOB) AS content, m.status,
        m.created_at AS createdAt, m.superseded_at IS NOT NULL AS superseded
      FROM messages m JOIN conversations c ON c.id = m.conversation
      WHERE c.pod_id = ? AND c.conversation_id = ? ${condition}
      ORDER BY m.id DESC LIMIT ?`);
  return {
    live: newest("AND m.superseded_at IS NULL"),
    all: newest(""),
    touch: database.prepare(`
      INSERT INTO conversations (pod_id, conversation_id, created_at, updated_at)
      VALUES (?, ?, ?, ?)
      ON CONFLICT (pod_id, conversation_id) DO UPDATE SET updated_at = excluded.updated_at
      RETURNING id`),
    insert: database.prepare(`
      INSERT INTO messages (conversation, message_id, role, content, status, created_at)
      VALUES (?, ?, ?, ?, ?, ?)`),
    supersede: database.prepare(`
      UPDATE messages SET superseded_at = ?
      WHERE id = ? AND conversation = ? AND superseded_at IS NULL`),
    state: database.prepare(`
      SELECT state FROM conversations WHERE pod_id = ? AND conversation_id = ?`),
    setState: database.prepare(`UPDATE conversations SET state = ? WHERE id = ?`),
    list: database.prepare(`
      SELECT c.pod_id AS podId, c.conversation_id AS conversationId, c.created_at AS createdAt,
        c.updated_at AS updatedAt,
        (SELECT count(*) FROM messages m
          WHERE m.conversation = c.id AND m.superseded_at IS NULL) AS messages
      FROM conversations c
      WHERE c.id IN (
        SELECT id FROM conversations WHERE pod_id = ? ORDER BY updated_at DESC, id DESC LIMIT ?)
      ORDER BY c.updated_at DESC, c.id DESC`),
    count: database.prepare(`SELECT count(*) AS count FROM conversations WHERE pod_id = ?`),
    clear: database.prepare(`DELETE FROM conversations WHERE pod_id = ? AND conversation_id = ?`),
    clearPod: database.prepare(`DELETE FROM conversations WHERE pod_id = ?`),
    prune: database.prepare(`DELETE FROM conversations WHERE updated_at < ?`),
  };
}
