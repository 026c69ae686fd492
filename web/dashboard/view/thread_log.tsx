import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { copyText } from "../../ui/copy.ts";
import { useChanges } from "../../ui/face.ts";
import { StickToBottom } from "../../ui/stick_to_bottom.ts";
import { useWindow } from "../../ui/use_window.ts";
import type { Thread } from "../model/thread.ts";
import { useBoard } from "./board.ts";
import { Icon } from "./icons.tsx";
import { MessageRow } from "./message_row.tsx";

/** How long a Copy button says that it has. */
const COPIED_MS = 2_000;

/** The messages of a conversation; follows its end until the owner scrolls up. */
export function ThreadLog(props: { thread: Thread }): JSX.Element {
  const { thread } = props;
  const { strings, announce } = useBoard();
  useChanges(thread.changes);
  const box = useRef<HTMLDivElement>(null);
  const lane = useRef<HTMLDivElement>(null);
  const stick = useRef<StickToBottom | null>(null);
  const [stuck, setStuck] = useState(true);
  const { shown, hasEarlier, showEarlier } = useWindow(
    thread.messages,
    `${thread.podId}\n${thread.conversationId}`,
  );

  useLayoutEffect(() => {
    if (box.current === null || lane.current === null) return;
    const made = new StickToBottom(box.current, lane.current, setStuck);
    stick.current = made;
    return () => made.dispose();
  }, []);

  /** The Copy buttons above code are not Preact's: one listener serves them all. */
  async function copyCode(event: Event): Promise<void> {
    const target = event.target instanceof Element ? event.target : null;
    const button = target?.closest("[data-copy=code]");
    const code = button?.closest(".code")?.querySelector("code")?.textContent;
    if (!button || !code || !await copyText(code)) return;
    button.textContent = strings.copied;
    announce(strings.copied);
    setTimeout(() => button.textContent = strings.copyCode, COPIED_MS);
  }

  return (
    <div class="log-frame">
      <div
        ref={box}
        class="log"
        role="log"
        aria-live="off"
        aria-busy={thread.streaming}
        aria-label={strings.conversations}
        tabIndex={0}
        onClick={copyCode}
      >
        <div ref={lane} class="lane">
          {hasEarlier && (
            <button type="button" class="button earlier" onClick={showEarlier}>
              {strings.earlier}
            </button>
          )}
          {shown.map((message) => <MessageRow key={message.key} message={message} />)}
        </div>
      </div>
      {!stuck && (
        <button
          type="button"
          class="jump"
          title={strings.jumpToNewest}
          aria-label={strings.jumpToNewest}
          onClick={() => stick.current?.toEnd()}
        >
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}
