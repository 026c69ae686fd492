/** `PRAGMA user_version` of a database that this build writes. */
export const SCHEMA_VERSION = 2;

/**
 * The steps from one version to the next: step `n` makes version `n + 1` of version `n`. A step is
 * never edited once it is released; a new one follows it.
 *
 * The messages go with their conversation by a trigger and not by a foreign key's cascade, because
 * an owner deletes with the `sqlite3` shell (host.md), where foreign keys are off by default.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again, so that no message finds a new owner
    pod_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    state TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (pod_id, conversation_id)
  ) STRICT;
  CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    superseded_at INTEGER
  ) STRICT;
  CREATE INDEX messages_of_conversation ON messages (conversation, id);
  CREATE TRIGGER messages_go_with_their_conversation AFTER DELETE ON conversations
  BEGIN
    DELETE FROM messages WHERE conversation = OLD.id;
  END;
  `,
  `
  CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    pod_id TEXT NOT NULL,
    conversation_id TEXT,
    peer_id TEXT,
    detail TEXT NOT NULL -- JSON
  ) STRICT;
  CREATE INDEX events_of_pod ON events (pod_id, id);
  `,
];
