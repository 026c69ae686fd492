import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { copyText } from "./copy.ts";
import { useChanges, useFace } from "./face.ts";
import { IconButton } from "./icon_button.tsx";
import { Icon } from "./icons.tsx";
import type { Message } from "./message.ts";

/** How long a button says that it worked. */
const COPIED_MS = 2_000;

/** What a visitor can do with an answer that is over. */
export function AnswerActions(props: { message: Message }): JSX.Element {
  const { message } = props;
  const { strings, conversation, focusLog } = useFace();
  useChanges(conversation.changes);
  const whole = message.status === "done";
  // Asking again goes on from here, so it is offered where nothing follows.
  const isLast = conversation.thread.at(-1) === message;
  const label = message.status === "error" ? strings.retry : strings.askAgain;
  return (
    <div class="actions" part="actions">
      {message.text !== "" && <CopyButton text={message.text} />}
      {isLast && (
        <button
          type="button"
          class={whole ? "quiet" : "quiet labelled"}
          part="ask-again"
          title={whole ? label : undefined}
          aria-label={label}
          disabled={conversation.streaming}
          onClick={() => {
            conversation.askAgain(message);
            focusLog();
          }}
        >
          <Icon name="again" />
          {!whole && <span>{label}</span>}
        </button>
      )}
    </div>
  );
}

function CopyButton(props: { text: string }): JSX.Element {
  const { strings, announce } = useFace();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const label = copied ? strings.copied : strings.copy;
  return (
    <IconButton
      icon={copied ? "check" : "copy"}
      label={label}
      part="copy"
      onClick={async () => {
        if (!await copyText(props.text)) return;
        setCopied(true);
        announce(strings.copied);
      }}
    />
  );
}
