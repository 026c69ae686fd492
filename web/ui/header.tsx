import type { JSX, RefObject } from "preact";
import type { ConnectionView } from "./connection.ts";
import { useChanges, useFace } from "./face.ts";
import { Icon } from "./icons.tsx";

/** Whose pod this is, where its answers come from, and a way to begin anew. */
export function Header(
  props: { connection: ConnectionView; field: RefObject<HTMLTextAreaElement | null> },
): JSX.Element {
  const { connection, field } = props;
  const { strings, name, conversation, look, isPage } = useFace();
  useChanges(conversation.changes);
  const Heading = isPage ? "h1" : "h2";
  return (
    <header class="header" part="header">
      <span class="gem">
        <Icon name="gem" />
      </span>
      <div class="who">
        <Heading part="title" dir="auto">{name}</Heading>
        {look.persona && (
          <p class="persona" part="persona" dir="auto" title={look.persona}>{look.persona}</p>
        )}
      </div>
      <p class="connection" part="connection" data-connection={connection.state}>
        {connection.ownerVerified
          ? (
            <span class="verified" part="verified" title={strings.ownerVerified}>
              <Icon name="shield" />
              <span class="hidden">{strings.ownerVerified}</span>
            </span>
          )
          : <i class="dot" />}
        <span>{connection.label}</span>
      </p>
      <button
        type="button"
        class="quiet"
        part="new"
        title={strings.newConversation}
        aria-label={strings.newConversation}
        disabled={conversation.thread.length === 0}
        onClick={() => {
          void conversation.clear();
          field.current?.focus();
        }}
      >
        <Icon name="fresh" />
      </button>
    </header>
  );
}
