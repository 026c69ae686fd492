import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useFace } from "./face.ts";
import type { Paintable } from "./frame_painter.ts";
import { MarkdownView } from "./markdown/markdown_view.ts";
import type { Message } from "./message.ts";

/**
 * An answer that says nothing for so long gets a sign that it goes on. While words come they are
 * the sign; one that moved along with them would be a layout shift each frame.
 */
const PAUSE_MS = 600;

/** The text of an answer. Preact makes the box; what is in it is the Markdown view's. */
export function AnswerText(props: { message: Message }): JSX.Element {
  const { message } = props;
  const { painter, strings, announce, isPage } = useFace();
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const root = box.current;
    if (root === null) return;
    const view = new MarkdownView(root, message, {
      copyLabel: strings.copyCode,
      topHeading: isPage ? 2 : 3,
      onEnd() {
        message.shown();
        if (message.takeNews()) announce(root.textContent ?? "");
      },
    });
    painter.mark(view);
    let pause: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = message.texts.subscribe(() => {
      painter.mark(view);
      root.classList.remove("paused");
      clearTimeout(pause);
      if (!message.finished) pause = setTimeout(() => root.classList.add("paused"), PAUSE_MS);
    });
    return () => {
      unsubscribe();
      clearTimeout(pause);
      painter.drop(view);
      root.replaceChildren();
      message.hidden();
    };
  }, [message, painter, strings, announce, isPage]);
  // Its blocks find their own directions: here, the browser would look through all of them at each
  // word that is added.
  return <div ref={box} class="text markdown" part="text" />;
}

/** What the model thought, as plain text that grows. */
export function ReasoningText(props: { message: Message }): JSX.Element {
  const { message } = props;
  const { painter } = useFace();
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const root = box.current;
    if (root === null) return;
    const text = root.appendChild(new Text());
    const view: Paintable = {
      paint(): boolean {
        text.appendData(message.reasoning.slice(text.length));
        return false;
      },
    };
    painter.mark(view);
    const unsubscribe = message.reasoningTexts.subscribe(() => painter.mark(view));
    return () => {
      unsubscribe();
      painter.drop(view);
      text.remove();
    };
  }, [message, painter]);
  return <div ref={box} class="reasoning-text" dir="auto" />;
}
