import type { JSX } from "preact";
import { useChanges } from "../../ui/face.ts";
import { Observers } from "../../ui/observers.ts";
import type { Pod } from "../api/schemas.ts";
import { type ConversationRow, conversationRows } from "../model/conversation_rows.ts";
import { counted, fill } from "../strings.ts";
import { useBoard } from "./board.ts";
import { Icon } from "./icons.tsx";
import { OWN } from "./navigation.ts";
import { ROVE, rove } from "./roving.ts";
import { shortId } from "./short_id.ts";
import { Ago } from "./time.tsx";
import { Typing } from "./typing.tsx";

/** A pod's conversations: the owner's own, those of who is there, those that are remembered. */
export function ConversationList(props: { pod: Pod; current: string }): JSX.Element {
  const { pod, current } = props;
  const { strings, dashboard } = useBoard();
  const watch = dashboard.watch(pod.id);
  useChanges(watch.changes);
  useChanges(dashboard.threads.changes);
  const { here, away, more, arriving } = conversationRows(
    watch.peers,
    watch.conversations,
    (conversationId) => dashboard.threads.peek(pod.id, conversationId)?.at ?? 0,
  );
  return (
    <div class="rows" role="navigation" aria-label={strings.conversations} onKeyDown={rove}>
      <OwnRow pod={pod} current={current === OWN} />
      {(here.length > 0 || arriving > 0) && (
        <h3 class="group-title">
          {strings.hereNow}
          <span class="count">{here.length + arriving}</span>
        </h3>
      )}
      {arriving > 0 && <p class="arriving">{counted(strings.arriving, arriving)}</p>}
      <Rows rows={here} pod={pod} current={current} />
      {away.length > 0 && <h3 class="group-title">{strings.remembered}</h3>}
      <Rows rows={away} pod={pod} current={current} />
      {more + watch.unlisted > 0 && (
        <p class="hint">{fill(strings.moreConversations, { count: more + watch.unlisted })}</p>
      )}
      {watch.loaded && here.length + away.length + arriving === 0 && (
        <div class="hint">
          <strong>{strings.conversationsEmpty}</strong>
          <p>{strings.conversationsEmptyHint}</p>
        </div>
      )}
    </div>
  );
}

function OwnRow(props: { pod: Pod; current: boolean }): JSX.Element {
  const { pod, current } = props;
  const { strings, navigation } = useBoard();
  return (
    <button
      {...ROVE}
      type="button"
      class="row own"
      tabIndex={current ? 0 : -1}
      aria-current={current ? "true" : undefined}
      onClick={() => navigation.go({ page: "pod", podId: pod.id, conversation: OWN })}
    >
      <span class="avatar">
        <Icon name="chat" />
      </span>
      <span class="row-name">{strings.ownChat}</span>
      <span class="row-note">{strings.ownChatHint}</span>
    </button>
  );
}

function Rows(
  props: { rows: readonly ConversationRow[]; pod: Pod; current: string },
): JSX.Element | null {
  const { rows, pod, current } = props;
  if (rows.length === 0) return null;
  return (
    <ul>
      {rows.map((row) => (
        <li key={row.conversationId}>
          <Row row={row} pod={pod} current={row.conversationId === current} />
        </li>
      ))}
    </ul>
  );
}

const NEVER = new Observers();

function Row(props: { row: ConversationRow; pod: Pod; current: boolean }): JSX.Element {
  const { row, pod, current } = props;
  const { strings, dashboard, navigation } = useBoard();
  const { conversationId, visitors, remembered, at } = row;
  const thread = dashboard.threads.peek(pod.id, conversationId);
  useChanges(thread?.changes ?? NEVER);
  const isLive = visitors.length > 0;
  const isAnswered = thread?.streaming || visitors.some(({ runs = 0 }) => runs > 0);
  return (
    <button
      {...ROVE}
      type="button"
      class="row"
      data-conversation={conversationId}
      data-live={String(isLive)}
      tabIndex={current ? 0 : -1}
      aria-current={current ? "true" : undefined}
      onClick={() => navigation.go({ page: "pod", podId: pod.id, conversation: conversationId })}
    >
      <span class="avatar">
        <Icon name="user" />
        {isLive && <i class="dot" />}
      </span>
      <span class="row-name">
        {fill(strings.visitor, { id: shortId(conversationId) })}
        {visitors.length > 1 && <span class="count">{visitors.length}</span>}
      </span>
      <span class="row-time">
        {isAnswered ? <Typing /> : <Ago at={Math.max(at, thread?.at ?? 0)} />}
      </span>
      <span class="row-note" dir="auto">
        {thread?.preview ||
          (remembered > 0 ? counted(strings.messages, remembered) : strings.nothingSaid)}
      </span>
    </button>
  );
}
