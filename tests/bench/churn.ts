/**
 * What 10,000 visitors leave behind: `deno run -A tests/bench/churn.ts [--visitors 2000]`. They
 * come from processes of their own, chat a word and are gone: half without a goodbye, a quarter in
 * the middle of an answer, and the last of each process when it is killed. Prints a table and
 * asserts nothing.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { type CrowdResult, sendCrowd, summed } from "../e2e/crowd.ts";
import { crowdedHost, crowdRows } from "./tools/crowded_host.ts";
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

await using host = await crowdedHost(WORDS, WORD_MS);
const rows: Row[] = [host.row("before")];
const results: CrowdResult[] = [];
const from = performance.now();
let next = 0;
let looked = 0;
await Promise.all(Array.from({ length: PROCESSES }, crowds));
const seconds = (performance.now() - from) / 1_000;
await host.deserted(MISSED_WITHIN_MS);
rows.push(host.row("all gone"));

const result = summed(results);
table(`Churn: ${result.visitors} visitors`, [
  ...rows,
  ...crowdRows(result, { pid: host.pid, seconds }),
]);
await host.end(result.failures);

async function crowds(): Promise<void> {
  while (next < wanted) {
    const first = next;
    next += CROWD;
    results.push(
      await sendCrowd({
        signalUrl: host.place.signalUrl,
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
    rows.push(host.row(`after ${done}`));
    console.log(rows.at(-1)?.join("  "));
  }
}
