import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { copyText } from "./copy.ts";
import { useChanges, useFace } from "./face.ts";
import { IconButton } from "./icon_button.tsx";
import { Intro } from "./intro.tsx";
import { MessageRow } from "./message_row.tsx";
import { StickToBottom } from "./stick_to_bottom.ts";
import { fill } from "./strings.ts";
import { useWindow } from "./use_window.ts";

/** The thread: scrolls, follows its end, and says nothing by itself to screen readers. */
export function Log(): JSX.Element {
  const face = useFace();
  const { strings, name, conversation, painter, focusLog } = face;
  useChanges(conversation.changes);
  const [stuck, setStuck] = useState(true);
  const box = face.log;
  const lane = useRef<HTMLDivElement>(null);
  const stick = useRef<StickToBottom | null>(null);

  useLayoutEffect(() => {
    if (box.current === null || lane.current === null) return;
    const made = new StickToBottom(box.current, lane.current, setStuck);
    stick.current = made;
    return () => made.dispose();
  }, []);

  const { thread } = conversation;
  const { shown, hasEarlier, showEarlier } = useWindow(thread, conversation.id);
  // Those who were there before the page are there from the first frame on.
  useLayoutEffect(() => painter.paintFirst(), [shown[0], conversation.id]);
  useLayoutEffect(() => stick.current?.follow(), [conversation.id]);
  const asked = thread.findLast(({ role }) => role === "user");
  // A question of one's own is always worth seeing, wherever one had scrolled to.
  useLayoutEffect(() => {
    if (conversation.streaming) stick.current?.follow();
  }, [asked]);

  return (
    <div class="log-frame">
      <div
        ref={box}
        class="log"
        part="log"
        role="log"
        aria-live="off"
        aria-busy={conversation.streaming}
        aria-label={fill(strings.conversationWith, { name })}
        tabIndex={0}
        onClick={copyCode}
      >
        <div ref={lane} class={thread.length === 0 ? "lane empty" : "lane"}>
          <Intro />
          {hasEarlier && (
            <button type="button" class="button earlier" part="earlier" onClick={earlier}>
              {strings.showEarlier}
            </button>
          )}
          {shown.map((message) => (
            <MessageRow
              key={message.key}
              message={message}
            />
          ))}
        </div>
      </div>
      {!stuck && (
        <IconButton
          icon="down"
          label={strings.jumpToNewest}
          class="jump"
          part="jump"
          onClick={() => {
            stick.current?.toEnd(motion());
            focusLog();
          }}
        />
      )}
    </div>
  );

  function earlier(): void {
    // At its very top a browser lets go of what is in view, and shows what comes before it.
    if (box.current?.scrollTop === 0) box.current.scrollTop = 1;
    showEarlier();
    focusLog();
  }

  /** The Copy buttons above code are not Preact's: one listener serves them all. */
  async function copyCode(event: Event): Promise<void> {
    const target = event.target instanceof Element ? event.target : null;
    const button = target?.closest("[data-copy=code]");
    const code = button?.closest(".code")?.querySelector("code")?.textContent;
    if (!button || !code || !await copyText(code)) return;
    button.textContent = strings.copied;
    face.announce(strings.copied);
    setTimeout(() => button.textContent = strings.copyCode, 2_000);
  }
}

function motion(): "auto" | "smooth" {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
