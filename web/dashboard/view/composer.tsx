import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { errorMessage } from "../../../src/base/mod.ts";
import { useChanges } from "../../ui/face.ts";
import { Observers } from "../../ui/observers.ts";
import type { Pod } from "../api/schemas.ts";
import type { Thread } from "../model/thread.ts";
import { fill } from "../strings.ts";
import { useBoard } from "./board.ts";
import { Icon } from "./icons.tsx";

const NEVER = new Observers();

/** Where the owner writes to a pod. Enter sends; what could not be sent stays. */
export function Composer(props: { pod: Pod; busy: Thread | undefined }): JSX.Element {
  const { pod, busy } = props;
  const { strings, dashboard } = useBoard();
  useChanges(dashboard.link.changes);
  useChanges(busy?.changes ?? NEVER);
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const streaming = busy?.streaming ?? false;
  const ready = text.trim() !== "" && !sending && !streaming &&
    dashboard.link.state.kind === "live";

  // As high as what is written; the style sheet has the limit.
  useLayoutEffect(() => {
    const box = field.current;
    if (box === null) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }, [text]);

  async function send(): Promise<void> {
    if (!ready) return;
    setSending(true);
    setFailure(undefined);
    try {
      await dashboard.chat(pod.id, text.trim());
      setText("");
    } catch (error) {
      setFailure(errorMessage(error));
    } finally {
      setSending(false);
      field.current?.focus();
    }
  }

  if (pod.status === "paused" || pod.status === "stopped") {
    return <p class="composer muted">{fill(strings.paused, { name: pod.name })}</p>;
  }
  const label = fill(strings.chatLabel, { name: pod.name });
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {failure !== undefined && <p class="problem" role="alert">{failure}</p>}
      <div class="composer-box">
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          aria-label={label}
          placeholder={fill(strings.chatPlaceholder, { name: pod.name })}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void send();
          }}
        />
        <button
          type="submit"
          class="send"
          title={strings.send}
          aria-label={strings.send}
          aria-disabled={!ready}
        >
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
