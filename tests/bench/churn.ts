/**
 * What 10,000 visitors leave behind: `deno run -A tests/bench/churn.ts [--visitors 2000]`. They
 * come from processes of their own, chat a word and are gone: half without a goodbye, a quarter in
 * the middle of an answer, and the last of each process when it is killed. Prints a table and
 * asserts nothing.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { crowdModel, type CrowdResult, sendCrowd, summed } from "../e2e/crowd.ts";
import { eventually, hostPlace } from "../e2e/host_place.ts";
import { startModelEndpoint } from "../e2e/model_endpoint.ts";
import { cpuSeconds, memoryMb, openFiles, threads } from "./tools/process_usage.ts";
import { type Row, table } from "./tools/table.ts";

const WORDS = 20;
const WORD_MS = 5;
/** Visitors of a process, processes at once, visitors at once in each, and how many are killed. */
const CROWD = 250;
const PROCESSES = 2;
const AT_ONCE = 8;
const KILLED = 4;
/** How often the Host is looked at: after each so many visitors. */
const LOOKS = 10;
/** The longest until those that were killed are missed. */
const MISSED_WITHIN_MS = 90_000;

const { values } = parseArgs({ options: { visitors: { type: "string", default: "10000" } } });
const wanted = Number(values.visitors);

await using model = startModelEndpoint();
model.script(crowdModel(WORDS, WORD_MS));
await using place = await hostPlace();
await place.writePod("pod");
const host = await place.run("pod", "--provider-url", model.url, "--parallel", "1000");
const rows: Row[] = [look("before")];
const results: CrowdResult[] = [];
const from = performance.now();
let next = 0;
let looked = 0;
await Promise.all(Array.from({ length: PROCESSES }, crowds));
const seconds = (performance.now() - from) / 1_000;
await eventually("nobody is there", async () => await place.peers() === 0, MISSED_WITHIN_MS);
rows.push(look("all gone"));

const { visitors, whole, cut, failures, slowestMs } = summed(results);
table(`Churn: ${visitors} visitors`, [
  ...rows,
  ["visitors", (visitors / seconds).toFixed(0), "/s"],
  ["left in the middle", `${cut}`, ""],
  ["whole answers", `${whole}`, `of ${visitors - cut}`],
  ["slowest visit", `${slowestMs}`, "ms"],
  ["CPU of the Host", (cpuSeconds(host.pid) * 1_000 / visitors).toFixed(1), "ms a visitor"],
]);
for (const failure of failures.slice(0, 20)) console.log(`  lost: ${failure}`);
host.kill("SIGTERM");
console.log(`  the Host ended with code ${(await host.status).code}`);

async function crowds(): Promise<void> {
  while (next < wanted) {
    const first = next;
    next += CROWD;
    results.push(
      await sendCrowd({
        signalUrl: place.signalUrl,
        podId: "pod",
        from: first,
        visitors: Math.min(CROWD, wanted - first),
        atOnce: AT_ONCE,
        words: WORDS,
        left: KILLED,
      }),
    );
    const done = summed(results).visitors;
    if (done - looked < wanted / LOOKS) continue;
    looked = done;
    rows.push(look(`after ${done}`));
    console.log(rows.at(-1)?.join("  "));
  }
}

function look(when: string): Row {
  const { pid } = host;
  return [when, `${memoryMb(pid)} MB`, `${openFiles(pid)} files, ${threads(pid)} threads`];
}
