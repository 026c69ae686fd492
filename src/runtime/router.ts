import { isObject, isString } from "../base/mod.ts";
import type { AgentCard, DartcUiEvent } from "../dartc/mod.ts";
import type { Chat } from "./chat.ts";
import type { Connection } from "./connection.ts";
import type { Conversation } from "./conversation.ts";
import type { RuntimeEventBus } from "./event_bus.ts";
import { newRandomId } from "./ids.ts";
import { mergeSnapshot } from "./merge_snapshot.ts";
import type { RuntimeStateStore } from "./state_store.ts";
import type { TransportEvent } from "./transport_types.ts";

/** Where {@linkcode route} takes what a transport says. */
export interface RouterTargets {
  readonly events: RuntimeEventBus;
  readonly state: RuntimeStateStore;
  readonly conversation: Conversation;
  readonly chat: Chat;
  readonly connection: Connection;
  setCard(card: AgentCard): void;
}

/**
 * Takes one event of a transport to where it belongs: the one way of a frame into the runtime
 * (seed 003, section 5). Synchronous, so that nothing overtakes anything.
 *
 * @param name of the transport
 */
export function route(targets: RouterTargets, name: string, event: TransportEvent): void {
  const { chat, connection, events } = targets;
  switch (event.type) {
    case "stage":
      return connection.onStage(event.stage, event.detail);
    case "card":
      return targets.setCard(event.card);
    case "owner-verified":
      return connection.onOwnerVerified();
    case "ui":
      return onUiEvent(targets, event.event);
    case "ui-unknown":
      // The bus passes on what a later protocol says; its readers switch on types that they know.
      return events.emit({ type: "ui.event", event: event.event as unknown as DartcUiEvent });
    case "delta":
      return chat.onDelta(event.runId, event.delta, event.kind);
    case "done":
      return chat.onDone(event.runId, event.finishReason);
    case "failed":
      return chat.onFailed(event.runId, event.error);
    case "warning": {
      const { code, message } = event.error;
      return events.emit({ type: "runtime.error", error: event.error, code, message });
    }
    case "updated":
      return connection.onUpdated();
    case "closed":
      if (connection.ready?.name !== name) return; // not the one that anybody asks
      chat.onClosed();
      return connection.onClosed(event.error);
  }
}

function onUiEvent(targets: RouterTargets, event: DartcUiEvent): void {
  const { chat, conversation, events, state } = targets;
  if (chat.isLate(event)) return;
  if (event.threadId === conversation.id) ingest();
  chat.onUiEvent(event);
  events.emit({ type: "ui.event", event });

  function ingest(): void {
    switch (event.type) {
      case "STATE_SNAPSHOT":
        return void state.replace(event.snapshot).catch(told);
      case "STATE_DELTA":
        return void state.apply(event.delta).catch(told);
      case "MESSAGES_SNAPSHOT":
        return conversation.replace(mergeSnapshot(conversation.messages, event.messages, {
          pinned: chat.openQuestions(),
          newId: newRandomId,
          truncated: event.truncated,
        }));
      case "CUSTOM":
        if (event.name === "a2a.card") readCustomCard(targets, event.value);
    }
  }
}

/** The store has told it as `runtime.error`. */
function told(): void {}

/** A card that comes as a `CUSTOM` event: itself, or as `{card}` (seed 003, section 6). */
function readCustomCard(targets: RouterTargets, value: unknown): void {
  const card = isObject(value) && "card" in value ? value.card : value;
  if (isAgentCard(card)) targets.setCard(card);
}

/** Whether a card has what its readers walk through. */
function isAgentCard(value: unknown): value is AgentCard {
  return isObject(value) && isString(value.name) && Array.isArray(value.skills) &&
    Array.isArray(value.extensions) && isObject(value.capabilities);
}
