import { errorMessage, type Logger } from "../../base/mod.ts";
import type { ConversationStore } from "./conversation_store.ts";
import { openMemoryStore } from "./memory_store.ts";
import { openSqliteStore } from "./sqlite_store.ts";

/**
 * The Host's memory: the database, or, where that cannot be opened, this process's own; then the
 * owner is told and the Host goes on (host.md, "Conversations").
 */
export function openStore(path: string, log: Logger): ConversationStore {
  try {
    return openSqliteStore({ path });
  } catch (error) {
    log.error(
      "database_unavailable",
      { reason: errorMessage(error) },
      `cannot open the database ${path}: ${errorMessage(error)}; ` +
        "conversations are kept in memory until this Host stops",
    );
    return openMemoryStore();
  }
}
