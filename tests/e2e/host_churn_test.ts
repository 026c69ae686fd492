import assert from "node:assert/strict";
import { memoryMb, openFiles, threads } from "../bench/tools/process_usage.ts";
import { crowdModel, sendCrowd, summed, wayOf } from "./crowd.ts";
import { eventually, hostPlace } from "./host_place.ts";
import { startModelEndpoint } from "./model_endpoint.ts";

const WORDS = 20;
const WORD_MS = 5;

/** Visitors of each process, and how many of them at once. */
const CROWD = 50;
const AT_ONCE = 10;

/** Connections that the Host may keep to the model for the next question: one for each at once. */
const KEPT_CONNECTIONS = 2 * AT_ONCE;

/** How much memory the Host may have more after 100 visitors than after the first 50, in MB. */
const MORE_MEMORY_MB = 60;

Deno.test("Host: visitors who come and vanish lose no answer and leave nothing behind", async () => {
  await using model = startModelEndpoint();
  model.script(crowdModel(WORDS, WORD_MS));
  await using place = await hostPlace();
  await place.writePod("pod");
  const host = await place.run("pod", "--provider-url", model.url, "--parallel", "100");
  const order = { signalUrl: place.signalUrl, podId: "pod", atOnce: AT_ONCE, words: WORDS };
  const gone = () => eventually("nobody is there", async () => await place.peers() === 0);

  const first = await sendCrowd({ ...order, from: 0, visitors: CROWD });
  await gone();
  const before = { memory: memoryMb(host.pid), files: openFiles(host.pid) };
  const threadsBefore = threads(host.pid);
  const crowds = await Promise.all(
    [1, 2].map((n) => sendCrowd({ ...order, from: n * CROWD, visitors: CROWD })),
  );
  const { visitors, whole, cut, failures } = summed([first, ...crowds]);
  assert.deepEqual(failures, []);
  const inTheMiddle = Array.from({ length: 3 * CROWD }, (_, index) => wayOf(index))
    .filter((way) => way === "vanishes in the middle").length;
  assert.deepEqual([visitors, whole, cut], [3 * CROWD, 3 * CROWD - inTheMiddle, inTheMiddle]);

  await gone();
  for (const request of model.requests) {
    assert.match(await request.ended, /^(answered|aborted)$/);
  }
  // A thread and a file that were needed are let go some seconds later. NaN where nobody counts them.
  await eventually(
    `no more files than ${before.files} and what is kept`,
    () => !(openFiles(host.pid) > before.files + KEPT_CONNECTIONS),
  );
  await eventually(
    `no more threads than ${threadsBefore}`,
    () => !(threads(host.pid) > threadsBefore),
  );
  const memory = memoryMb(host.pid);
  assert.ok(!(memory > before.memory + MORE_MEMORY_MB), `${before.memory} MB, then ${memory} MB`);
  host.kill("SIGTERM");
  assert.equal((await host.status).code, 0, host.lines.slice(-20).join("\n"));
  assert.doesNotMatch(host.lines.join("\n"), /error|failed:|Uncaught|panicked/);
});
