/**
 * A Host under load for as long as you like: `deno run -A tests/bench/soak.ts [--minutes 10]`. 64
 * visitors at a time come, chat and go. Prints the Host's memory every 30 s, and at the end whether
 * it stayed flat after the first minute, whether every answer came whole, and what was left when
 * all had gone. Asserts nothing.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { crowdModel, sendCrowd, summed } from "../e2e/crowd.ts";
import { eventually, hostPlace } from "../e2e/host_place.ts";
import { startModelEndpoint } from "../e2e/model_endpoint.ts";
import { cpuSeconds, memoryMb, openFiles, threads } from "./tools/process_usage.ts";
import { type Row, table } from "./tools/table.ts";

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

await using model = startModelEndpoint();
model.script(crowdModel(WORDS, WORD_MS));
await using place = await hostPlace();
await place.writePod("pod");
const host = await place.run("pod", "--provider-url", model.url, "--parallel", "1000");
const { pid } = host;
const from = performance.now();
const idle = { memory: memoryMb(pid), files: openFiles(pid), threads: threads(pid) };
const samples: { ms: number; memory: number }[] = [];
const looking = setInterval(look, LOOK_EVERY_MS);
const result = summed(
  await Promise.all(Array.from({ length: PROCESSES }, (_, process) =>
    sendCrowd({
      signalUrl: place.signalUrl,
      podId: "pod",
      from: process * 1_000_000, // no number is another's, too
      visitors: AT_ONCE,
      atOnce: AT_ONCE,
      words: WORDS,
      untilMs,
    }))),
);
clearInterval(looking);
await eventually("nobody is there", async () => await place.peers() === 0, GONE_WITHIN_MS);
// Connections to the model are kept for a while, for the next question.
const settled = () => openFiles(pid) <= idle.files + MORE_FILES;
await eventually("no more files are open", settled, FILES_WITHIN_MS).catch(() => {});

const warm = samples.filter(({ ms }) => ms >= WARM_MS).map(({ memory }) => memory);
const { visitors, whole, cut, failures, slowestMs } = result;
const rows: Row[] = [
  ["idle", `${idle.memory} MB`, `${idle.files} files, ${idle.threads} threads`],
  ["after the first minute, least to most", `${Math.min(...warm)} to ${Math.max(...warm)}`, "MB"],
  ["growth after it", `${slope(samples.filter(({ ms }) => ms >= WARM_MS))}`, "MB a minute"],
  ["all gone", `${memoryMb(pid)} MB`, `${openFiles(pid)} files, ${threads(pid)} threads`],
  ["visitors", `${visitors}`, `${cut} of them left in the middle`],
  ["whole answers", `${whole}`, `of ${visitors - cut}`],
  ["slowest visit", `${slowestMs}`, "ms"],
  ["CPU of the Host", (cpuSeconds(pid) * 1e5 / (performance.now() - from)).toFixed(0), "%"],
];
table(`Soak: ${values.minutes} minutes, ${PROCESSES * AT_ONCE} visitors at a time`, rows);
for (const failure of failures.slice(0, 20)) console.log(`  lost: ${failure}`);
host.kill("SIGTERM");
console.log(`  the Host ended with code ${(await host.status).code}`);

function look(): void {
  const ms = performance.now() - from;
  samples.push({ ms, memory: memoryMb(pid) });
  console.log(
    `  ${(ms / 1_000).toFixed(0).padStart(5)} s  ${memoryMb(pid)} MB  ` +
      `${openFiles(pid)} files  ${threads(pid)} threads`,
  );
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
