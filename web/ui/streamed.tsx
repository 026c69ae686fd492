import type { JSX, RefObject } from "preact";
import { useCallback, useLayoutEffect } from "preact/hooks";
import { useFace } from "./face.ts";
import type { Message } from "./message.ts";
import { outcomeText } from "./outcome.ts";
import { useAnswerText, useReasoningText } from "./streamed_views.ts";

/**
 * An answer that says nothing for so long gets a sign that it goes on. While words come they are
 * the sign; one that moved along with them would be a layout shift each frame.
 */
const PAUSE_MS = 600;

/** What a screen reader hears of a long answer, in characters; the whole stands in the thread. */
const MAX_SAID = 4_000;

/** The text of an answer. */
export function AnswerText(props: { message: Message }): JSX.Element {
  const { message } = props;
  const face = useFace();
  const { painter, strings, isPage } = face;
  const announce = useCallback((text: string) => {
    const said = [text.slice(0, MAX_SAID), outcomeText(message, strings, face.name)];
    face.announce(said.filter(Boolean).join("\n"));
  }, [message, face]);
  const box = useAnswerText(message, {
    painter,
    copyLabel: strings.copyCode,
    topHeading: isPage ? 2 : 3,
    announce,
  });
  usePauseSign(box, message);
  // Its blocks find their own directions: here, the browser would look through all of them at each
  // word that is added.
  return <div ref={box} class="text markdown" part="text" />;
}

/** What the model thought. */
export function ReasoningText(props: { message: Message }): JSX.Element {
  const { message } = props;
  const box = useReasoningText(message, useFace().painter);
  return <div ref={box} class="reasoning-text" dir="auto" />;
}

function usePauseSign(box: RefObject<HTMLElement | null>, message: Message): void {
  useLayoutEffect(() => {
    let pause: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = message.texts.subscribe(() => {
      const classes = box.current?.classList;
      classes?.remove("paused");
      clearTimeout(pause);
      if (!message.finished) pause = setTimeout(() => classes?.add("paused"), PAUSE_MS);
    });
    return () => {
      unsubscribe();
      clearTimeout(pause);
    };
  }, [message]);
}
