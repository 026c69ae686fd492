/** What a visitor's conversation id looks like (host.md, "Conversations"). */
const VISITOR_ID = /^[A-Za-z0-9_:.-]{1,128}$/;

/** The ids of the dashboard's own conversations begin so; no visitor may use them. */
const LOCAL_PREFIX = "local:";

/** From this length an id is hard enough to guess to be the key to a history (same place). */
const REPLAYABLE_CHARS = 20;

/** Whether a visitor may use this conversation id. */
export function isVisitorConversationId(id: string): boolean {
  return VISITOR_ID.test(id) && !id.startsWith(LOCAL_PREFIX);
}

/**
 * Whether a conversation is remembered beyond its session, and replayed to whoever names its id;
 * shorter ids get memory for that session alone.
 */
export function isReplayableConversationId(id: string): boolean {
  return isVisitorConversationId(id) && id.length >= REPLAYABLE_CHARS;
}
