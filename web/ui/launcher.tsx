import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useChanges, useFace } from "./face.ts";
import { IconButton } from "./icon_button.tsx";
import { hasKeyboard } from "./keyboard.ts";
import { fill } from "./strings.ts";

/** Narrower pages are covered by the open chat (launcher.css has the same number). */
const SMALL = "(max-width: 30rem)";

/** The chat behind a round button in the corner of the page. */
export function Launcher(props: { state: string; children: ComponentChildren }): JSX.Element {
  const { state, children } = props;
  const { strings, name, isPage, conversation, opened, field, focusLog } = useFace();
  useChanges(conversation.changes);
  const [open, setOpen] = useState(() => {
    const before = opened.read();
    // On its own page the chat is what one came for; on a small one, it would hide the page.
    return isPage ? before !== "no" : before === "yes" && !isSmall();
  });
  const panel = useRef<HTMLDialogElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const unread = useUnread(open);

  useLayoutEffect(() => {
    if (!open || panel.current === null) return;
    const dialog = panel.current;
    // What covers a page keeps the focus to itself. Otherwise `show()` would take it at once.
    if (!isPage && isSmall()) dialog.showModal();
    else dialog.open = true;
    return () => dialog.close();
  }, [open]);

  // Once the panel is shown, or gone; at first the page has the focus.
  const moved = useRef(false);
  useLayoutEffect(() => {
    if (moved.current) {
      opened.write(open ? "yes" : "no");
      if (!open) button.current?.focus();
      else if (hasKeyboard()) field.current?.focus();
      else focusLog();
    }
    moved.current = true;
  }, [open]);
  const toggle = () => setOpen(!open);

  const label = fill(strings.conversationWith, { name });
  const Place = isPage ? "main" : "section";
  return (
    <Place class="place" aria-label={label} lang={strings.language} data-page={isPage}>
      <IconButton
        icon={open ? "down" : "gem"}
        label={open ? strings.close : label}
        button={button}
        class="round launcher"
        part="launcher"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={toggle}
      >
        {unread && (
          <span class="unread" part="unread">
            <span class="hidden">{strings.unread}</span>
          </span>
        )}
      </IconButton>
      <dialog
        ref={panel}
        class="root"
        part="root"
        data-state={state}
        aria-label={label}
        // A phone's way back closes it without us.
        onClose={() => panel.current?.open || setOpen(false)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
          event.preventDefault();
          toggle();
        }}
      >
        <IconButton
          icon="close"
          label={strings.close}
          class="quiet leave"
          part="close"
          onClick={toggle}
        />
        {children}
      </dialog>
    </Place>
  );
}

function isSmall(): boolean {
  return matchMedia(SMALL).matches;
}

/** Whether an answer came that the visitor has not seen: none of those before this page. */
function useUnread(open: boolean): boolean {
  const { conversation } = useFace();
  const { thread } = conversation;
  const last = thread.findLast(({ role, finished }) => role === "assistant" && finished);
  const seen = useRef(last);
  if (open) seen.current = last;
  return last !== undefined && last !== seen.current && thread.at(-1) === last;
}
