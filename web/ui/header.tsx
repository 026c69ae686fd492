import type { JSX } from "preact";
import type { ConnectionView } from "./connection.ts";
import { useChanges, useFace } from "./face.ts";
import { IconButton } from "./icon_button.tsx";
import { Icon } from "./icons.tsx";
import { Menu } from "./menu.tsx";

/** Whose pod this is, where its answers come from, a way to begin anew, and what was said before. */
export function Header(props: { connection: ConnectionView }): JSX.Element {
  const { connection } = props;
  const { strings, name, conversation, look, isPage, field } = useFace();
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
      <p
        key={connection.label} // another, not the same one moved
        class="connection"
        part="connection"
        data-connection={connection.state}
        title={connection.owner}
      >
        {connection.ownerVerified
          ? (
            <span class="verified" part="verified">
              <Icon name="shield" />
            </span>
          )
          : <i class="dot" />}
        {connection.owner && <span class="hidden">{connection.owner}:</span>}
        <span>{connection.label}</span>
      </p>
      <IconButton
        icon="fresh"
        label={strings.newConversation}
        part="new"
        disabled={conversation.thread.length === 0}
        onClick={() => {
          void conversation.clear();
          field.current?.focus();
        }}
      />
      <Menu />
    </header>
  );
}
