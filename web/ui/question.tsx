import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { isEnter } from "./enter.ts";
import { useChanges, useFace } from "./face.ts";
import { fitField } from "./fit_field.ts";
import { IconButton } from "./icon_button.tsx";
import type { Message } from "./message.ts";
import { useFocusOn } from "./use_focus_on.ts";

/** What the visitor said, and a way to say it otherwise. */
export function Question(props: { message: Message }): JSX.Element {
  const { message } = props;
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useFocusOn(button, editing);
  return editing ? <Editor message={message} close={() => setEditing(false)} /> : (
    <>
      <div class="text" part="text" dir="auto">{message.text}</div>
      <EditButton button={button} edit={() => setEditing(true)} />
    </>
  );
}

function EditButton(
  props: { button: RefObject<HTMLButtonElement | null>; edit(): void },
): JSX.Element {
  const { strings, conversation } = useFace();
  useChanges(conversation.changes);
  return (
    <IconButton
      icon="edit"
      label={strings.edit}
      button={props.button}
      class="quiet edit"
      part="edit"
      disabled={conversation.streaming}
      onClick={props.edit}
    />
  );
}

function Editor(props: { message: Message; close(): void }): JSX.Element {
  const { message, close } = props;
  const { strings, conversation, focusLog } = useFace();
  const [text, setText] = useState(message.text);
  const field = useRef<HTMLTextAreaElement>(null);
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(text.length, text.length);
    if (form.current === null) return;
    // Told after the thread has followed its end, which may have taken this out of sight.
    const observer = new ResizeObserver(() => form.current?.scrollIntoView({ block: "nearest" }));
    observer.observe(form.current);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => fitField(field.current), [text]);

  return (
    <form
      ref={form}
      class="editor"
      part="editor"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === "") return;
        close();
        focusLog();
        conversation.askInstead(message, text);
      }}
    >
      <textarea
        ref={field}
        part="edit-input"
        rows={1}
        dir="auto"
        value={text}
        aria-label={strings.edit}
        enterkeyhint="send"
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !event.isComposing) {
            event.stopPropagation(); // it closes this, not what is around it
            close();
          } else if (isEnter(event)) {
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }
        }}
      />
      <div class="sheet-actions">
        <button type="button" class="button" part="edit-cancel" onClick={close}>
          {strings.cancel}
        </button>
        <button type="submit" class="button strong" part="edit-send">{strings.askAgain}</button>
      </div>
    </form>
  );
}
