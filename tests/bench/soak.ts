/**
 * A Host under load for as long as you like: `deno run -A tests/bench/soak.ts [--minutes 10]`. 64
 * visitors at a time come, chat and go. Prints the Host's memory every 30 s, and at the end whether
 * it stayed flat after the first minute, whether every answer came whole, and what was left when
 * all had gone. Asserts nothing.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { sendCrowd, summed } from "../e2e/crowd.ts";
import { eventually } from "../e2e/host_place.ts";
import { crowdedHost, crowdRows } from "./tools/crowded_host.ts";
import { table } from "./tools/table.ts";

/** 64 visitors at a time, from so many processes. */
const PROCESSES = 4;
const AT_ONCE = 16;
/** An answer of a second and a half, as a model gives it. */
const WORDS = 75;
const WORD_MS = 20;
const LOOK_EVERY_MS = 30_000;
const WARM_MS = 60_000;
const GONE_WITHIN_MS = 60_000;
/** How long connections to the model are kept, and files that a Host at work has more. */
const FILES_WITHIN_MS = 120_000;
const MORE_FILES = 10;

const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
const untilMs = Number(values.minutes) * 60_000;

await using host = await crowdedHost(WORDS, WORD_MS);
const from = performance.now();
const idle = host.row("idle");
const filesIdle = host.look().files;
const samples: { ms: number; memory: number }[] = [];
const looking = setInterval(look, LOOK_EVERY_MS);
const result = summed(
  await Promise.all(Array.from({ length: PROCESSES }, (_, process) =>
    sendCrowd({
      signalUrl: host.place.signalUrl,
      podId: "pod",
      from: process * 1_000_000, // no number is another's, too
      visitors: AT_ONCE,
      atOnce: AT_ONCE,
      words: WORDS,
      untilMs,
    }))),
);
clearInterval(looking);
const seconds = (performance.now() - from) / 1_000;
await host.deserted(GONE_WITHIN_MS);
// Connections to the model are kept for a while, for the next question.
const settled = () => host.look().files <= filesIdle + MORE_FILES;
await eventually("no more files are open", settled, FILES_WITHIN_MS).catch(() => {});

const warm = samples.filter(({ ms }) => ms >= WARM_MS);
const levels = warm.map(({ memory }) => memory);
table(`Soak: ${values.minutes} minutes, ${PROCESSES * AT_ONCE} visitors at a time`, [
  idle,
  [
    "after the first minute, least to most",
    `${Math.min(...levels)} to ${Math.max(...levels)}`,
    "MB",
  ],
  ["growth after it", slope(warm), "MB a minute"],
  host.row("all gone"),
  ...crowdRows(result, { pid: host.pid, seconds }),
]);
await host.end(result.failures);

function look(): void {
  const ms = performance.now() - from;
  samples.push({ ms, memory: host.look().memory });
  console.log(`  ${host.row(`${(ms / 1_000).toFixed(0).padStart(5)} s`).join("  ")}`);
}

/** The slope of the line through the samples (least squares), in MB a minute. */
function slope(of: readonly { ms: number; memory: number }[]): string {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [time, level] = [mean(of.map(({ ms }) => ms)), mean(of.map(({ memory }) => memory))];
  const rise = of.reduce((sum, { ms, memory }) => sum + (ms - time) * (memory - level), 0);
  const run = of.reduce((sum, { ms }) => sum + (ms - time) ** 2, 0);
  return (rise / run * 60_000).toFixed(2);
}
