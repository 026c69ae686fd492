import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { isEnter } from "./enter.ts";
import { useChanges, useFace } from "./face.ts";
import { fitField } from "./fit_field.ts";
import { IconButton } from "./icon_button.tsx";
import { fill } from "./strings.ts";

/**
 * Where the visitor writes. Enter sends, Shift+Enter breaks the line; what is not sent yet is there
 * again after a reload.
 */
export function Composer(): JSX.Element {
  const { strings, name, conversation, field, draft } = useFace();
  useChanges(conversation.changes);
  const [text, setText] = useState(draft.read);
  const { streaming } = conversation;

  useLayoutEffect(() => fitField(field.current), [text]);

  function write(next: string): void {
    setText(next);
    draft.write(next);
  }

  function submit(): void {
    if (streaming || text.trim() === "") return;
    conversation.send(text);
    write("");
    field.current?.focus();
  }

  return (
    <form
      class="composer"
      part="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={field}
        part="input"
        rows={1}
        dir="auto"
        value={text}
        placeholder={fill(strings.inputPlaceholder, { name })}
        aria-label={fill(strings.inputLabel, { name })}
        enterkeyhint="send"
        autocomplete="off"
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (!isEnter(event)) return;
          event.preventDefault();
          submit();
        }}
      />
      {streaming
        ? (
          <IconButton
            key="stop"
            icon="stop"
            label={strings.stop}
            class="round stop"
            part="stop"
            disabled={!conversation.stoppable}
            onClick={() => {
              conversation.stop();
              field.current?.focus();
            }}
          />
        )
        : (
          <IconButton
            key="send"
            icon="send"
            label={strings.send}
            type="submit"
            class="round"
            part="send"
            aria-disabled={text.trim() === ""}
          />
        )}
    </form>
  );
}
