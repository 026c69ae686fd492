/** What shows how far a long job is. Disposing of it takes it off the screen. */
export interface Progress extends Disposable {
  /**
   * Says how far the job is.
   *
   * @param done of `total`, in bytes
   * @param total undefined where nobody knows
   * @param what the job, where it is another by now
   */
  update(done: number, total?: number, what?: string): void;
}

/** Where progress is shown. */
export interface ProgressScreen {
  isTerminal(): boolean;
  /** Characters a line; 0 where the terminal does not say. */
  columns(): number;
  write(text: string): void;
}

/** How long a job may take before anything is shown, in milliseconds: a bar that flashes says nothing. */
const MOMENT_MS = 400;

/** How often the line is drawn again at most, in milliseconds: an eye sees no more. */
const DRAW_EVERY_MS = 80;

/** Cells of the bar. */
const BAR_CELLS = 24;

/** What a terminal that does not say its width is taken to have. */
const USUAL_COLUMNS = 80;

/** Back to the line's beginning, and everything after it away. */
const CLEAR_LINE = "\r\x1b[K";

/** stderr, so that what a command prints can go through a pipe. */
const STDERR: ProgressScreen = {
  isTerminal: () => Deno.stderr.isTerminal() && Deno.env.get("TERM") !== "dumb",
  columns: () => {
    try {
      return Deno.consoleSize().columns;
    } catch {
      return 0; // only stdin and stdout are asked, and both may be pipes
    }
  },
  write: (text) => void Deno.stderr.writeSync(new TextEncoder().encode(text)),
};

/**
 * Shows how far a job is, in a line on stderr that is gone afterwards; does nothing where no person
 * looks at it, and for a job that is done in a moment.
 *
 * @example
 * ```ts
 * import { startProgress } from "./progress.ts";
 *
 * using progress = startProgress("uploading ada.html");
 * progress.update(512_000, 1_024_000);
 * ```
 */
export function startProgress(
  what: string,
  screen: ProgressScreen = STDERR,
  afterMs: number = MOMENT_MS,
): Progress {
  if (!screen.isTerminal()) return { update: () => {}, [Symbol.dispose]: () => {} };
  const begunAt = performance.now();
  let drawnAt = -Infinity;
  let isOver = false;
  let job = what;
  let text = `${what} …`;
  function draw(): void {
    drawnAt = performance.now();
    const columns = screen.columns() || USUAL_COLUMNS;
    screen.write(`${CLEAR_LINE}${[...text].slice(0, columns - 1).join("")}`);
  }
  // A job that only waits by now is shown, too.
  const timer = setTimeout(draw, afterMs);
  return {
    update(done, total, now = job) {
      if (isOver) return; // a body may go on being sent after its answer is there
      const isNews = now !== job || (total !== undefined && done >= total);
      job = now;
      text = progressText(job, done, total);
      const at = performance.now();
      if (at - begunAt >= afterMs && (isNews || at - drawnAt >= DRAW_EVERY_MS)) draw();
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      if (drawnAt > -Infinity && !isOver) screen.write(CLEAR_LINE);
      isOver = true;
    },
  };
}

/** A job and how far it is, as a line. */
export function progressText(what: string, done: number, total?: number): string {
  if (total === undefined || total <= 0) return `${what} …${done > 0 ? ` ${sizeText(done)}` : ""}`;
  const part = Math.min(1, Math.max(0, done / total));
  const full = Math.round(part * BAR_CELLS);
  const bar = `${"█".repeat(full)}${"░".repeat(BAR_CELLS - full)}`;
  const percent = `${Math.floor(part * 100)}`.padStart(3);
  return `${what}  ${bar} ${percent} %  ${sizeText(done)} of ${sizeText(total)}`;
}

/** A number of bytes as people read it. */
export function sizeText(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} KB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
