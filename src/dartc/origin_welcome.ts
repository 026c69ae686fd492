import type { MaybePromise } from "../base/mod.ts";
import type { AgentCard } from "./agent_card.ts";
import { isReplayableConversationId, isVisitorConversationId } from "./conversation_id.ts";
import type { DartcErrorCode } from "./error_code.ts";
import type { Hello } from "./hello.ts";
import type { Link } from "./link.ts";
import { andThen, orElse } from "./maybe.ts";
import { messagesSnapshot } from "./messages_snapshot.ts";
import type { History } from "./session_options.ts";
import { TOPICS } from "./topics.ts";
import type { DartcUiEvent } from "./ui_event.ts";

/**
 * Why a Host does not let a visitor in whose frame was good: its hello is for another pod, or names
 * a conversation that no visitor may (dartc.md, "Sessions"). Undefined lets it in, as far as that.
 *
 * @param podId the Host's
 */
export function refusalOf(
  { podId: named, conversationId }: Pick<Hello, "podId" | "conversationId">,
  podId: string,
): { readonly code: DartcErrorCode; readonly message: string } | undefined {
  if (conversationId !== undefined && !isVisitorConversationId(conversationId)) {
    const message = "Cannot accept the hello: its conversation id is none";
    return { code: "invalid_frame", message };
  }
  if (named !== undefined && named !== podId) {
    return { code: "pod_mismatch", message: "Cannot accept the hello: this is another pod" };
  }
  return undefined;
}

/** Sends the Host's Agent Card (dartc.md, "Topics"). Throws `CodedError` `too_large`. */
export function sendCard(link: Pick<Link, "send">, given: AgentCard): void {
  const card = { kind: "AgentCard", card: given };
  try {
    link.send({ topic: TOPICS.discovery, payload: card, a2a: card });
  } catch {
    // A card of many tools may be too large to be sent twice; readers take it from either place.
    link.send({ topic: TOPICS.discovery, payload: card });
  }
}

/** What {@linkcode replayHistory} needs. */
export interface Replay {
  /** The conversation that the visitor's hello named. */
  readonly conversationId: string | undefined;
  /** What is remembered of a conversation. */
  history(conversationId: string): MaybePromise<History | undefined>;
  /** Sends a UI event while there is somebody to send it to. Throws `CodedError` `too_large`. */
  tell(event: DartcUiEvent): void;
}

/** A visitor that comes back sees the same thread and the same state (dartc.md, "Sessions"). */
export function replayHistory({ conversationId, history, tell }: Replay): MaybePromise<void> {
  if (conversationId === undefined || !isReplayableConversationId(conversationId)) return;
  // A history that cannot be read is its owner's to report; the session goes on without.
  const remembered = orElse<History | undefined>(() => history(conversationId), () => undefined);
  return andThen(remembered, (found) => {
    if (found === undefined) return;
    const { messages, state } = found;
    if (messages.length > 0) tell(messagesSnapshot(conversationId, messages));
    if (state === undefined) return;
    try {
      tell({ type: "STATE_SNAPSHOT", threadId: conversationId, snapshot: state });
    } catch {
      // It does not fit a frame, and half a state is worse than none.
    }
  });
}
