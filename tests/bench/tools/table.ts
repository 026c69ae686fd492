/** What was measured, its figures, its unit. */
export type Row = readonly [what: string, figures: string, unit: string];

/** Prints rows under a title. */
export function table(title: string, rows: readonly Row[]): void {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  console.log(`\n${title}`);
  for (const [what, figures, unit] of rows) {
    console.log(`  ${what.padEnd(widths[0] ?? 0)}  ${figures.padStart(widths[1] ?? 0)}  ${unit}`);
  }
}

/** Percentiles, as `p50 / p95` where nothing else is asked for. */
export function spread(values: readonly number[], shares: readonly number[] = [0.5, 0.95]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const text = (value: number | undefined) =>
    value === undefined ? "-" : value < 100 ? value.toFixed(1) : value.toFixed(0);
  return shares.map((share) => text(at(share))).join(" / ");
}
