import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useChanges } from "../../ui/face.ts";
import type { Pod } from "../api/schemas.ts";
import type { Thread } from "../model/thread.ts";
import { counted, fill } from "../strings.ts";
import { useBoard } from "./board.ts";
import { Composer } from "./composer.tsx";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icons.tsx";
import { OWN } from "./navigation.ts";
import { shortId } from "./short_id.ts";
import { ThreadLog } from "./thread_log.tsx";

/** A conversation, followed as it goes on; the owner's own has a box to write in. */
export function ThreadPane(props: { pod: Pod; conversation: string }): JSX.Element {
  const { pod, conversation } = props;
  const { strings, dashboard, navigation, announce } = useBoard();
  const watch = dashboard.watch(pod.id);
  useChanges(watch.changes);
  useChanges(dashboard.changes);
  const isOwn = conversation === OWN;
  const conversationId = isOwn ? dashboard.ownConversation(pod.id) : conversation;
  const thread = conversationId === undefined
    ? undefined
    : dashboard.threads.get(pod.id, conversationId);
  const visitors = watch.peers.filter((peer) => peer.conversationId === conversationId).length;
  const name = isOwn
    ? strings.ownChat
    : fill(strings.visitor, { id: shortId(conversationId ?? "") });
  const [forgetting, setForgetting] = useState(false);

  return (
    <section class="thread" aria-label={fill(strings.conversationOf, { name })}>
      <header class="thread-head">
        <button
          type="button"
          class="quiet up"
          title={strings.back}
          aria-label={strings.back}
          onClick={() => navigation.up()}
        >
          <Icon name="back" />
        </button>
        <h2>{name}</h2>
        {!isOwn && (
          <span class="badge" data-tone={visitors > 0 ? "good" : "none"}>
            <i class="dot" />
            {visitors > 0 ? strings.hereNow : strings.remembered}
          </span>
        )}
        {visitors > 1 && <span class="muted">{counted(strings.visitors, visitors)}</span>}
        <button
          type="button"
          class="button forget"
          title={strings.forget}
          aria-label={strings.forget}
          disabled={thread === undefined}
          onClick={() => setForgetting(true)}
        >
          <Icon name="trash" />
          <span class="action-text">{strings.forget}</span>
        </button>
      </header>
      {thread === undefined
        ? <EmptyChat pod={pod} />
        : <Loaded key={thread.conversationId} thread={thread} pod={pod} isOwn={isOwn} />}
      {isOwn && <Composer pod={pod} busy={thread} />}
      {forgetting && conversationId !== undefined && (
        <Dialog
          title={strings.forgetTitle}
          action={strings.forget}
          tone="danger"
          onAction={async () => {
            await dashboard.forget(pod.id, conversationId);
            announce(strings.forgotten);
            if (!isOwn) navigation.go({ page: "pod", podId: pod.id });
          }}
          onClose={() => setForgetting(false)}
        >
          <p>{strings.forgetText}</p>
        </Dialog>
      )}
    </section>
  );
}

function Loaded(props: { thread: Thread; pod: Pod; isOwn: boolean }): JSX.Element {
  const { thread, pod, isOwn } = props;
  const { strings, dashboard } = useBoard();
  useChanges(thread.changes);
  useChanges(dashboard.link.changes);
  const [problem, setProblem] = useState<"none" | "failed">("none");
  const isLive = dashboard.link.state.kind === "live";
  const wanted = !thread.loaded && isLive && problem === "none";

  useEffect(() => {
    dashboard.threads.open = thread;
    return () => dashboard.threads.open = undefined;
  }, [thread]);
  useEffect(() => setProblem("none"), [isLive]);
  useEffect(() => {
    if (wanted) dashboard.load(thread).catch(() => setProblem("failed"));
  }, [wanted, thread]);

  if (thread.messages.length > 0) return <ThreadLog thread={thread} />;
  if (problem === "failed") {
    return (
      <div class="empty" role="alert">
        <p>{strings.loadFailed}</p>
        <button type="button" class="button" onClick={() => setProblem("none")}>
          {strings.retry}
        </button>
      </div>
    );
  }
  if (!thread.loaded) {
    return (
      <div class="empty">
        <p>{strings.loading}</p>
      </div>
    );
  }
  return isOwn ? <EmptyChat pod={pod} /> : (
    <div class="empty">
      <p>{strings.nothingSaid}</p>
    </div>
  );
}

function EmptyChat(props: { pod: Pod }): JSX.Element {
  const { strings } = useBoard();
  return (
    <div class="empty">
      <span class="gem">
        <Icon name="gem" />
      </span>
      <h3 dir="auto">{fill(strings.chatEmptyTitle, { name: props.pod.name })}</h3>
      <p>{strings.chatEmptyText}</p>
    </div>
  );
}
