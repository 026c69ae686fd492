/** Time, as the runtime needs it; a test gives one that it moves itself. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Runs something once after `ms` milliseconds; returns how to stop that. */
  after(ms: number, run: () => void): () => void;
}

/** The platform's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
