import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useFace } from "./face.ts";
import { IconButton } from "./icon_button.tsx";
import { MarkdownView } from "./markdown/markdown_view.ts";
import type { Message } from "./message.ts";
import type { Presentation } from "./presentation.ts";
import { fill } from "./strings.ts";

/** What an answer shows beside its text. */
export function Presentations(props: { message: Message }): JSX.Element {
  const { presentations } = props.message;
  return <>{presentations.map((one, index) => <Card key={index} presentation={one} />)}</>;
}

/** One presentation, a slide at a time. */
function Card(props: { presentation: Presentation }): JSX.Element {
  const { title, slides } = props.presentation;
  const { strings } = useFace();
  const [at, setAt] = useState(0);
  const slide = slides[at];
  return (
    <section class="card" part="presentation" aria-label={title || strings.presentation}>
      {title && <p class="card-title" dir="auto">{title}</p>}
      <div class="card-slide" part="slide" aria-live="polite">
        {slide?.title && <p class="card-title" dir="auto">{slide.title}</p>}
        {slide && <SlideText key={at} markdown={slide.markdown} />}
      </div>
      {slides.length > 1 && (
        <div class="card-steps">
          <Step
            icon="back"
            label={strings.previous}
            none={at === 0}
            go={() => setAt(at - 1)}
          />
          <span>{fill(strings.slide, { number: at + 1, count: slides.length })}</span>
          <Step
            icon="chevron"
            label={strings.next}
            none={at === slides.length - 1}
            go={() => setAt(at + 1)}
          />
        </div>
      )}
    </section>
  );
}

function Step(
  props: { icon: "back" | "chevron"; label: string; none: boolean; go(): void },
): JSX.Element {
  const { icon, label, none, go } = props;
  return (
    <IconButton
      icon={icon}
      label={label}
      part={icon === "back" ? "previous" : "next"}
      // Not disabled, or the focus would be gone at the last slide.
      aria-disabled={none}
      onClick={() => none || go()}
    />
  );
}

/** A slide's text, with the answer's rules. */
function SlideText(props: { markdown: string }): JSX.Element {
  const { markdown } = props;
  const { strings, isPage } = useFace();
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current === null) return;
    const source = { text: markdown, finished: true };
    const view = new MarkdownView(box.current, source, {
      copyLabel: strings.copyCode,
      topHeading: isPage ? 3 : 4,
    });
    while (view.paint()) { /* until all of it is there */ }
  }, [markdown]);
  return <div ref={box} class="text markdown" />;
}
