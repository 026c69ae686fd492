import assert from "node:assert/strict";
import { by, Exposition } from "../../../../src/signal/metrics/exposition.ts";
import { Histogram } from "../../../../src/signal/metrics/histogram.ts";

Deno.test("Exposition writes a name once, then its numbers", () => {
  const { text } = new Exposition("x_").counter(
    "offers_total",
    "Offers.",
    by("outcome", { a: 1, b: 2 }),
  );
  assert.equal(
    text,
    "# HELP x_offers_total Offers.\n# TYPE x_offers_total counter\n" +
      'x_offers_total{outcome="a"} 1\nx_offers_total{outcome="b"} 2\n',
  );
});

Deno.test("Exposition writes a histogram as what fell below each bound", () => {
  const histogram = new Histogram([0.1, 1]);
  for (const seconds of [0.05, 0.1, 0.5, 7]) histogram.observe(seconds);
  assert.equal(
    new Exposition("").histogram("t_seconds", "Time.", histogram).text,
    "# HELP t_seconds Time.\n# TYPE t_seconds histogram\n" +
      't_seconds_bucket{le="0.1"} 2\nt_seconds_bucket{le="1"} 3\nt_seconds_bucket{le="+Inf"} 4\n' +
      "t_seconds_sum 7.65\nt_seconds_count 4\n",
  );
});

Deno.test("Exposition escapes what would end a label's value", () => {
  const { text } = new Exposition("").gauge("g", "G.", [[{ v: 'a"b\\c\nd' }, 1]]);
  assert.match(text, /g\{v="a\\"b\\\\c\\nd"\} 1/);
});
