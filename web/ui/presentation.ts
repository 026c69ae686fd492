import { safeUrl } from "./markdown/safe_url.ts";

/** One page of a {@linkcode Presentation}. */
export interface Slide {
  readonly title: string;
  /** Markdown; a picture is a link in it. */
  readonly markdown: string;
}

/** What `show_presentation` of the Host shows: a `CUSTOM` event named `presentation.show`. */
export interface Presentation {
  readonly title: string;
  /** At least one. */
  readonly slides: readonly Slide[];
}

/** What a Host of ours sends at most. */
const MAX_SLIDES = 50;
const MAX_TITLE = 200;
const MAX_TEXT = 20_000;

/**
 * Reads the event's value, which a model wrote: what is no slide is left out, what is too long is
 * cut.
 *
 * @returns undefined when there is nothing to show
 */
export function presentationOf(value: unknown): Presentation | undefined {
  const slides = member(value, "slides");
  if (!Array.isArray(slides)) return undefined;
  const read = slides.slice(0, MAX_SLIDES).map((slide): Slide => ({
    title: text(slide, "title", MAX_TITLE),
    markdown: [text(slide, "text", MAX_TEXT), picture(text(slide, "image", MAX_TEXT))]
      .filter((part) => part !== "").join("\n\n"),
  })).filter(({ title, markdown }) => title + markdown !== "");
  return read.length === 0 ? undefined : { title: text(value, "title", MAX_TITLE), slides: read };
}

/** As Markdown has it: the answer's rules say what becomes of it. */
function picture(address: string): string {
  const href = safeUrl(address);
  return href === undefined ? "" : `![](${href.replaceAll("(", "%28").replaceAll(")", "%29")})`;
}

function text(of: unknown, name: string, most: number): string {
  const value = member(of, name);
  return typeof value === "string" ? value.slice(0, most) : "";
}

function member(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined;
}
