/** Nearer to the end than this counts as at the end: fractions of pixels, zoom. */
const NEAR_PX = 8;

/** Keeps a scrolling box at its end while it grows, until the visitor scrolls up. */
export class StickToBottom {
  readonly #box: HTMLElement;
  readonly #content: Element;
  readonly #onChange: (stuck: boolean) => void;
  readonly #observer: ResizeObserver;
  #stuck = true;
  #top = 0;

  /**
   * @param box what scrolls
   * @param content what grows in it
   * @param onChange told whether the end is being followed
   */
  constructor(box: HTMLElement, content: Element, onChange: (stuck: boolean) => void) {
    this.#box = box;
    this.#content = content;
    this.#onChange = onChange;
    // Observed sizes are told after layout and before paint: no flicker, and no layout of our own.
    this.#observer = new ResizeObserver(() => this.#resized());
    this.#observer.observe(content);
    this.#observer.observe(box);
    box.addEventListener("scroll", this.#onScroll, { passive: true });
  }

  /**
   * Follows the end from now on, wherever the visitor was: from the next frame's layout on, which is
   * done anyway. Of a long thread it takes long enough to be done once.
   */
  follow(): void {
    this.#set(true);
    this.#observer.unobserve(this.#content);
    this.#observer.observe(this.#content); // tells its size, also where that is what it was
  }

  /** Goes to the end, at once, and follows it from now on. */
  toEnd(behavior: "auto" | "smooth" = "auto"): void {
    this.#set(true);
    this.#box.scrollTo({ top: this.#box.scrollHeight, behavior });
  }

  /** Lets go of the box. */
  dispose(): void {
    this.#observer.disconnect();
    this.#box.removeEventListener("scroll", this.#onScroll);
  }

  #resized(): void {
    if (this.#stuck) this.#box.scrollTop = this.#box.scrollHeight;
    else this.#onScroll();
  }

  readonly #onScroll = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = this.#box;
    const atEnd = scrollHeight - scrollTop - clientHeight <= NEAR_PX;
    if (atEnd) this.#set(true);
    // Only a visitor scrolls up; content that grows moves the end, never the position.
    else if (scrollTop < this.#top - 1) this.#set(false);
    this.#top = scrollTop;
  };

  #set(stuck: boolean): void {
    if (this.#stuck === stuck) return;
    this.#stuck = stuck;
    this.#onChange(stuck);
  }
}
