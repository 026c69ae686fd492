import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { copyText } from "./copy.ts";
import { useChanges, useFace } from "./face.ts";
import { IconButton } from "./icon_button.tsx";
import { Sheet } from "./sheet.tsx";
import { fill } from "./strings.ts";
import { transcript, transcriptFile } from "./transcript.ts";
import { useFocusOn } from "./use_focus_on.ts";

/** The button that opens {@linkcode Conversations}. */
export function Menu(): JSX.Element {
  const { strings } = useFace();
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        icon="menu"
        label={strings.conversations}
        part="menu"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      />
      {open && <Conversations close={() => setOpen(false)} />}
    </>
  );
}

/** What was said with this pod before, and what can be done with it. */
function Conversations(props: { close(): void }): JSX.Element {
  const { close } = props;
  const { strings, name, conversation, announce } = useFace();
  useChanges(conversation.changes);
  const list = useRef<HTMLUListElement>(null);
  const past = conversation.past();
  const text = () => transcript(conversation.thread, name, strings);
  const empty = conversation.thread.length === 0;
  return (
    <Sheet part="conversations" title={strings.conversations} onClose={close}>
      {past.length === 0 && <p class="faint">{strings.noConversations}</p>}
      <ul ref={list} class="past" tabIndex={-1}>
        {past.map((one) => (
          <Past
            key={one.conversationId}
            title={one.title}
            when={one.updatedAt}
            current={one.conversationId === conversation.id}
            open={() => {
              void conversation.open(one.conversationId);
              close();
            }}
            forget={() => {
              void conversation.forget(one.conversationId);
              list.current?.focus();
              announce(strings.forgotten);
            }}
          />
        ))}
      </ul>
      <div class="sheet-actions">
        <button
          type="button"
          class="button"
          part="transcript-copy"
          disabled={empty}
          onClick={async () => {
            if (!await copyText(text())) return;
            announce(strings.copied);
            close();
          }}
        >
          {strings.copyTranscript}
        </button>
        <button
          type="button"
          class="button"
          part="transcript-save"
          disabled={empty}
          onClick={() => save(text(), transcriptFile(name))}
        >
          {strings.saveTranscript}
        </button>
        <button type="button" class="button strong" part="close" autofocus onClick={close}>
          {strings.close}
        </button>
      </div>
    </Sheet>
  );
}

interface PastProps {
  title: string;
  /** Unix milliseconds. */
  when: number;
  current: boolean;
  open(): void;
  forget(): void;
}

/** One conversation; forgetting it takes a second word. */
function Past(props: PastProps): JSX.Element {
  const { title, when, current, open, forget } = props;
  const { strings } = useFace();
  const [sure, setSure] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useFocusOn(button, sure);
  if (sure) {
    return (
      <li class="sure">
        <span>{strings.forgetSure}</span>
        <button type="button" class="button" part="forget-yes" onClick={forget}>
          {strings.forget}
        </button>
        <button
          ref={button}
          type="button"
          class="button"
          part="forget-no"
          onClick={() => setSure(false)}
        >
          {strings.cancel}
        </button>
      </li>
    );
  }
  return (
    <li>
      <button
        type="button"
        class="past-open"
        part="past"
        aria-current={current ? "true" : undefined}
        onClick={open}
      >
        <span dir="auto">{title}</span>
        <small>{timeOf(when, strings.language)}</small>
      </button>
      <IconButton
        icon="bin"
        label={fill(strings.forgetThis, { title })}
        button={button}
        part="forget"
        onClick={() => setSure(true)}
      />
    </li>
  );
}

function timeOf(when: number, language: string): string {
  try {
    const style = { dateStyle: "medium", timeStyle: "short" } as const;
    return new Intl.DateTimeFormat(language, style).format(when);
  } catch {
    return ""; // no time that there is, or no language
  }
}

/** Gives the visitor a file. A frame that may not do that has the Copy button. */
function save(text: string, file: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
