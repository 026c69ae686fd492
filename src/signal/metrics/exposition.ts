import type { Histogram } from "./histogram.ts";

/** The media type of {@linkcode Exposition}'s text. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Labels of one number; their values are ours, never a client's. */
export type Labels = Readonly<Record<string, string>>;

/**
 * Writes numbers in the text format of Prometheus (version 0.0.4): a name once, with what it means,
 * then its numbers.
 *
 * @example
 * ```ts
 * import { Exposition } from "./exposition.ts";
 *
 * const text = new Exposition("signal_").counter("offers_total", "Offers.", [
 *   [{ outcome: "relayed" }, 3],
 * ]).text;
 * if (!text.endsWith('signal_offers_total{outcome="relayed"} 3\n')) throw new Error(text);
 * ```
 */
export class Exposition {
  readonly #prefix: string;
  #text = "";

  /** @param prefix before every name but those of {@linkcode standard} */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** All that was written. */
  get text(): string {
    return this.#text;
  }

  /** What only grows. */
  counter(name: string, help: string, values: Values): this {
    return this.#write(this.#prefix + name, "counter", help, values);
  }

  /** What goes up and down. */
  gauge(name: string, help: string, values: Values): this {
    return this.#write(this.#prefix + name, "gauge", help, values);
  }

  /** A number that every program has under the same name, as `process_cpu_seconds_total`. */
  standard(name: string, type: "counter" | "gauge", help: string, value: number): this {
    return this.#write(name, type, help, value);
  }

  /** How long things took. */
  histogram(name: string, help: string, { bounds, counts, sum }: Histogram): this {
    const full = this.#prefix + name;
    this.#head(full, "histogram", help);
    let below = 0;
    counts.forEach((count, index) => {
      below += count;
      this.#line(`${full}_bucket`, { le: String(bounds[index] ?? "+Inf") }, below);
    });
    this.#line(`${full}_sum`, {}, sum);
    this.#line(`${full}_count`, {}, below);
    return this;
  }

  #write(name: string, type: string, help: string, values: Values): this {
    this.#head(name, type, help);
    const all: Iterable<readonly [Labels, number]> = typeof values === "number"
      ? [[{}, values]]
      : values;
    for (const [labels, value] of all) this.#line(name, labels, value);
    return this;
  }

  #head(name: string, type: string, help: string): void {
    this.#text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  }

  #line(name: string, labels: Labels, value: number): void {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
    this.#text += `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
  }
}

/** One number, or several with their labels. */
export type Values = number | Iterable<readonly [Labels, number]>;

/** Counts by one label. */
export function* by(
  label: string,
  counts: Readonly<Record<string, number>>,
): Generator<readonly [Labels, number]> {
  for (const [value, count] of Object.entries(counts)) yield [{ [label]: value }, count];
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
