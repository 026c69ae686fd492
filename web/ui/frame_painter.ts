/** Something that has more to show than the screen does yet. */
export interface Paintable {
  /**
   * Shows a little more of it.
   *
   * @returns whether something is left to show
   */
  paint(): boolean;
}

/** The clock and the screen, so that a test can be both. */
export interface FrameHost {
  /** Runs something before the next frame is painted; returns how to stop that. */
  frame(run: () => void): () => void;
  /** Runs something after `ms` milliseconds; returns how to stop that. */
  after(ms: number, run: () => void): () => void;
  /** Milliseconds, monotonic. */
  now(): number;
}

/** Of the 16.7 ms of a frame this much is ours; the rest is for layout, paint and the page. */
const BUDGET_MS = 6;

/**
 * Animation frames stop in hidden tabs and in frames that are scrolled away; then a timer paints,
 * so that a page that comes back, or is read by a program, is up to date.
 */
const WITHOUT_FRAMES_MS = 200;

/**
 * So many steps at once fill any screen: what is in view when a thread opens has its size from the
 * first frame on, and does not move.
 */
const FIRST_STEPS = 24;

/** When a frame took longer than this to lay out (a very long paragraph), we paint less often. */
const SLOW_FRAME_MS = 24;

/** Then more is written in one go, so that a long backlog gets to its end. */
const MOST_MS = 40;

/** Even then the visitor sees something new this often. */
const LONGEST_PAUSE_MS = 500;

/**
 * Paints what streams in once an animation frame, however many deltas arrived, and never longer
 * than a few milliseconds at once: what is left waits for the next frame.
 */
export class FramePainter {
  readonly #host: FrameHost;
  readonly #waiting = new Set<Paintable>();
  #budget = BUDGET_MS;
  /** Ends what is scheduled. */
  #stop: (() => void) | undefined;

  constructor(host: FrameHost = browserFrames()) {
    this.#host = host;
  }

  /** Has `item` painted in the next frame. Calling it again before then changes nothing. */
  mark(item: Paintable): void {
    this.#waiting.add(item);
    this.#schedule();
  }

  /** Paints some of it now, newest first; the rest waits for frames. */
  paintFirst(): void {
    let steps = FIRST_STEPS;
    for (const item of this.#newestFirst()) {
      let more = true;
      while (more && steps-- > 0) more = item.paint();
      if (more) return;
      this.drop(item);
    }
  }

  /** Forgets `item`: it is gone from the page. */
  drop(item: Paintable): void {
    this.#waiting.delete(item);
    if (this.#waiting.size === 0) this.#unschedule();
  }

  /** A thread is followed at its end: what grows above what is in view moves nothing there. */
  #newestFirst(): Paintable[] {
    return [...this.#waiting].reverse();
  }

  #schedule(): void {
    if (this.#stop !== undefined) return;
    const run = () => this.#run();
    const [stopFrame, stopTimer] = [
      this.#host.frame(run),
      this.#host.after(WITHOUT_FRAMES_MS, run),
    ];
    this.#stop = () => {
      stopFrame();
      stopTimer();
    };
  }

  #unschedule(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #run(): void {
    this.#unschedule();
    const start = this.#host.now();
    for (const item of this.#newestFirst()) {
      let more = true;
      while (more && this.#host.now() - start < this.#budget) more = item.paint();
      if (more) break;
      this.#waiting.delete(item);
    }
    // Runs once the browser has laid out and painted what was just added.
    this.#stop = this.#host.after(0, () => {
      const took = this.#host.now() - start;
      const pause = took < SLOW_FRAME_MS ? 0 : Math.min(took, LONGEST_PAUSE_MS);
      this.#budget = Math.min(Math.max(BUDGET_MS, took / 4), MOST_MS);
      this.#stop = undefined;
      if (this.#waiting.size === 0) return;
      if (pause === 0) this.#schedule();
      else this.#stop = this.#host.after(pause, () => this.#resume());
    });
  }

  #resume(): void {
    this.#stop = undefined;
    if (this.#waiting.size > 0) this.#schedule();
  }
}

function browserFrames(): FrameHost {
  return {
    frame(run) {
      const handle = requestAnimationFrame(run);
      return () => cancelAnimationFrame(handle);
    },
    after(ms, run) {
      const handle = setTimeout(run, ms);
      return () => clearTimeout(handle);
    },
    now: () => performance.now(),
  };
}
