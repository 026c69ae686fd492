import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { FramePainter, Paintable } from "./frame_painter.ts";
import { MarkdownView } from "./markdown/markdown_view.ts";
import type { Message } from "./message.ts";
import { spokenText } from "./spoken_text.ts";

/** How an answer's text is shown. */
export interface AnswerTextOptions {
  painter: FramePainter;
  /** Of the buttons at blocks of code. */
  copyLabel: string;
  /** The level of an answer's first headings: below those around it. */
  topHeading: number;
  /** Told the text of a new answer, once, when all of it is there. */
  announce(text: string): void;
}

/**
 * Keeps an answer's text in a box while it streams in. Preact makes the box and sees no more of it:
 * what is in it is the Markdown view's, painted once a frame.
 */
export function useAnswerText(
  message: Message,
  options: AnswerTextOptions,
): RefObject<HTMLDivElement | null> {
  const { painter, copyLabel, topHeading, announce } = options;
  return useBox((box) => {
    const view = new MarkdownView(box, message, {
      copyLabel,
      topHeading,
      onEnd() {
        message.shown();
        if (message.takeNews()) announce(spokenText(box).trim());
      },
    });
    painter.mark(view);
    const unsubscribe = message.texts.subscribe(() => painter.mark(view));
    return () => {
      unsubscribe();
      painter.drop(view);
      box.replaceChildren();
      message.hidden();
    };
  }, [message, painter, copyLabel, topHeading, announce]);
}

/** Keeps what the model thought in a box, as plain text that grows. */
export function useReasoningText(
  message: Message,
  painter: FramePainter,
): RefObject<HTMLDivElement | null> {
  return useBox((box) => {
    const text = box.appendChild(new Text());
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
}

/** A box that something outside of Preact fills, from when it is there until it goes. */
function useBox(
  fill: (box: HTMLDivElement) => () => void,
  inputs: readonly unknown[],
): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => ref.current === null ? undefined : fill(ref.current), [...inputs]);
  return ref;
}
