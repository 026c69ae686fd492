import { errorMessage, type Logger } from "../../base/mod.ts";

/** How often what is too old is looked for, in milliseconds. */
const LOOK_EVERY_MS = 3_600_000;

const DAY_MS = 86_400_000;

/** Forgets what is older than a moment, in Unix milliseconds; returns how many things are gone. */
export type Prune = (before: number) => number;

/** Options of {@linkcode startRetention}. */
export interface RetentionOptions {
  /** How long things are kept. */
  readonly days: number;
  /** The conversations, the event log. */
  readonly prune: readonly Prune[];
  readonly log: Logger;
  /** @default Date.now */
  readonly now?: () => number;
}

/**
 * Forgets what is older than the owner wants to keep, at once and then every hour (host.md,
 * "Conversations"). What cannot be forgotten is said in the log and tried again. Disposing of the
 * result ends it.
 */
export function startRetention(options: RetentionOptions): Disposable {
  const { days, prune, log, now = Date.now } = options;
  const look = () => {
    for (const forget of prune) {
      try {
        const gone = forget(now() - days * DAY_MS);
        if (gone > 0) {
          log.info("retention", { days, gone }, `forgot ${gone} older than ${days} days`);
        }
      } catch (error) {
        const reason = errorMessage(error);
        log.error("retention_failed", { reason }, `cannot forget what is too old: ${reason}`);
      }
    }
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
