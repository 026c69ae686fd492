/** How long something took, counted by upper bounds (Prometheus, "Histogram"). */
export class Histogram {
  /** Upper bounds in seconds, rising; beyond the last is one more bucket. */
  readonly bounds: readonly number[];
  /** How many fell into each bucket, those below it not counted in. One more than `bounds`. */
  readonly counts: number[];
  /** Of everything observed, in seconds. */
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  /** @param seconds a duration that belongs in it */
  observe(seconds: number): void {
    let bucket = 0;
    while (seconds > (this.bounds[bucket] ?? Infinity)) bucket++;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += seconds;
  }
}
