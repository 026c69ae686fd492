import type { Peer, StoredConversation } from "../api/schemas.ts";

/** The dashboard's own conversations begin so; no visitor can have such an id (host.md). */
const LOCAL_PREFIX = "local:";

/** So many conversations of a pod are listed; the command line lists them all. */
export const MAX_ROWS = 300;

/** A conversation in the list of a pod. */
export interface ConversationRow {
  readonly conversationId: string;
  /** Who is connected to it now. */
  readonly visitors: readonly Peer[];
  /** How many messages the Host remembers. */
  readonly remembered: number;
  /** When something happened last, in Unix milliseconds. */
  readonly at: number;
}

/** A pod's conversations: those with a visitor first, then those that are remembered. */
export interface ConversationRows {
  readonly here: readonly ConversationRow[];
  readonly away: readonly ConversationRow[];
  /** How many more there are than are listed. */
  readonly more: number;
  /** Visitors that have not said which conversation is theirs. */
  readonly arriving: number;
}

/** Whether it is the owner's own. */
export function isLocal(conversationId: string): boolean {
  return conversationId.startsWith(LOCAL_PREFIX);
}

/**
 * Puts visitors and memory together: several visitors may be in one conversation, which is one row.
 *
 * @param lastAt when something happened in a conversation while the page was open
 */
export function conversationRows(
  peers: readonly Peer[],
  stored: readonly StoredConversation[],
  lastAt: (conversationId: string) => number,
): ConversationRows {
  const rows = new Map<string, ConversationRow>();
  for (const { conversationId, updatedAt, messages } of stored) {
    const at = Math.max(updatedAt, lastAt(conversationId));
    rows.set(conversationId, { conversationId, visitors: [], remembered: messages, at });
  }
  let arriving = 0;
  for (const peer of peers) {
    const { conversationId, connectedAt = 0 } = peer;
    if (!conversationId) {
      arriving += 1;
      continue;
    }
    const row = rows.get(conversationId);
    rows.set(conversationId, {
      conversationId,
      visitors: [...row?.visitors ?? [], peer],
      remembered: row?.remembered ?? 0,
      at: Math.max(row?.at ?? 0, connectedAt, lastAt(conversationId)),
    });
  }
  const visitors = [...rows.values()].filter(({ conversationId }) => !isLocal(conversationId))
    .sort((a, b) => b.at - a.at);
  const listed = visitors.slice(0, MAX_ROWS);
  return {
    here: listed.filter((row) => row.visitors.length > 0),
    away: listed.filter((row) => row.visitors.length === 0),
    more: visitors.length - listed.length,
    arriving,
  };
}
