import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { useChanges, useFace } from "./face.ts";
import { Icon } from "./icons.tsx";
import { fill } from "./strings.ts";

/** Where the visitor writes. Enter sends, Shift+Enter breaks the line. */
export function Composer(props: { field: RefObject<HTMLTextAreaElement | null> }): JSX.Element {
  const { field } = props;
  const { strings, name, conversation } = useFace();
  useChanges(conversation.changes);
  const [text, setText] = useState("");
  const { streaming } = conversation;

  useLayoutEffect(() => {
    if (field.current !== null) fit(field.current);
  }, [text]);

  function submit(): void {
    if (streaming || text.trim() === "") return;
    conversation.send(text);
    setText("");
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
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
          event.preventDefault();
          submit();
        }}
      />
      {streaming
        ? (
          <button
            key="stop"
            type="button"
            class="round stop"
            part="stop"
            title={strings.stop}
            aria-label={strings.stop}
            disabled={!conversation.stoppable}
            onClick={() => {
              conversation.stop();
              field.current?.focus();
            }}
          >
            <Icon name="stop" />
          </button>
        )
        : (
          <button
            key="send"
            type="submit"
            class="round"
            part="send"
            title={strings.send}
            aria-label={strings.send}
            aria-disabled={text.trim() === ""}
          >
            <Icon name="send" />
          </button>
        )}
    </form>
  );
}

/** Enter that ends a word of an input method is not ours. Safari says so only by its key code. */
function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** Makes the field as high as its text; the style sheet says how high at most. */
function fit(field: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return; // the browser does it
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
