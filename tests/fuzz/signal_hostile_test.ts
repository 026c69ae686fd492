import assert from "node:assert/strict";
import { parseBrokerMessage } from "../../src/signaling/mod.ts";
import { memoryMb, openFiles } from "../bench/tools/process_usage.ts";
import { type BrokerProcess, bystanders, startSignal } from "../e2e/broker_scenes.ts";
import { HANDSHAKE, hostileFrames, readFrames } from "./signal_frames.ts";
import { hostileMessages } from "./signal_messages.ts";
import { joined, type Random, randomOf } from "./signal_random.ts";
import { hostileRequests, type Targets } from "./signal_requests.ts";
import { exchange } from "./signal_wire.ts";

/** How many messages and requests the broker gets; a long run sets more. */
const RUNS = Number(Deno.env.get("FUZZ_RUNS") ?? 3_000);

/** The same inputs each time, so that a run which fails can be repeated; a long run sets another. */
const SEED = Number(Deno.env.get("FUZZ_SEED") ?? 1);

/** Hostile clients at once: enough to meet each other on a pod and on a session. */
const AT_ONCE = 12;

/** Sends before memory is looked at first: by then caches are full and code is compiled. */
const WARM_UP = Math.min(30_000, RUNS / 2);

/**
 * By how much the broker's memory may be larger after all than after the warm-up, in MB. It breathes
 * by some 30 MB with its garbage; 100,000 messages that were kept, 2 KB each on average, are 200.
 */
const MEMORY_SLACK_MB = 80;

/** Files that a broker opens when it needs them first, beside its connections. */
const FILES_SLACK = 4;

const manifests: { cases: { ok: boolean; signed_b64: string }[] } = JSON.parse(
  await Deno.readTextFile(new URL("../vectors/manifest.json", import.meta.url)),
);

const PAGE = `<!doctype html><meta charset="utf-8"><div id="pod"></div>
<script>window.__GEMMAPOD_MANIFEST_B64 = "${manifests.cases[0]?.signed_b64}";</script>
<script>globalThis.GemmaPod = { boot() {} };</script>
<script>GemmaPod.boot(document.getElementById("pod"));</script>
`;

/** Uploads the page as anybody would, and checks that it is served as it was. */
async function cleanPage({ url }: BrokerProcess): Promise<Targets> {
  const headers = { "content-type": "text/html" };
  const answer = await fetch(`${url}/pods`, { method: "POST", headers, body: PAGE });
  assert.equal(answer.status, 201);
  const { id } = await answer.json();
  assert.equal(await (await fetch(`${url}/${id}`)).text(), PAGE);
  return { page: PAGE, id };
}

/** One hostile client; returns how many messages or requests it sent. */
async function attack(
  port: number,
  targets: Targets,
  sessionIds: readonly string[],
  random: Random,
): Promise<number> {
  const ending = random.pick(["patient", "patient", "patient", "hasty", "vanish"] as const);
  if (random.chance(0.4)) {
    const requests = hostileRequests(targets, random);
    checkHttp(await exchange(port, requests, ending));
    return requests.length;
  }
  const messages = hostileMessages(random, sessionIds);
  const written = [new TextEncoder().encode(HANDSHAKE), ...hostileFrames(messages, random)];
  // In one piece, so that a single read of the broker's has many frames, or as they come.
  checkSocket(await exchange(port, random.chance(0.5) ? [joined(...written)] : written, ending));
  return messages.length;
}

/** Nothing that a client sends is a fault of the broker's: no answer is 500. */
function checkHttp(answer: Uint8Array): void {
  const text = new TextDecoder("latin1").decode(answer);
  assert.doesNotMatch(text, /^HTTP\/1\.[01] 500 /m);
}

/** A socket gets messages of the wire and nothing else, and close codes that are known. */
function checkSocket(answer: Uint8Array): void {
  if (answer.length === 0) return; // it vanished, or was cut off in its handshake
  const end = new TextDecoder("latin1").decode(answer).indexOf("\r\n\r\n");
  assert.match(new TextDecoder().decode(answer.subarray(0, end)), /^HTTP\/1\.1 101 /);
  const { texts, closeCodes } = readFrames(answer.subarray(end + 4));
  for (const text of texts) parseBrokerMessage(text);
  for (const code of closeCodes) {
    assert([1000, 1001, 1002, 1003, 1005, 1007, 1009].includes(code) || code >= 3000, `${code}`);
  }
}

/** What a broker must never say of itself. */
const FAULT =
  /"event":"unexpected"|request_failed|admission_failed|panicked|Uncaught|Unhandled|Error:|\bat .*:\d+:\d+/;

Deno.test(`a broker that got ${RUNS} hostile messages and requests is as it was (seed ${SEED})`, async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "gemmapod-fuzz-" });
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => Deno.remove(dataDir, { recursive: true }));
  const broker = cleanup.use(
    await startSignal("--limits", "off", "--trust-proxy", "loopback", "--data-dir", dataDir),
  );
  const { pid, lines, status } = broker.running;
  const port = Number(new URL(broker.url).port);
  let ended = false;
  status.then(() => ended = true);
  const targets = await cleanPage(broker);
  const others = await bystanders(broker.url);

  let sent = 0;
  let attacks = 0;

  /** Attacks until so many messages and requests were sent, beside a stranger's session. */
  async function attackUntil(count: number): Promise<void> {
    while (sent < count) {
      const sessionIds = [await others.begin(), "s", "t"];
      const until = Math.min(count, sent + 500);
      await Promise.all(Array.from({ length: AT_ONCE }, async () => {
        while (sent < until) {
          const index = attacks++;
          try {
            const count = await attack(port, targets, sessionIds, randomOf(SEED, index));
            sent += count;
          } catch (cause) {
            const said = lines.filter((line) => FAULT.test(line)).slice(0, 20).join("\n");
            throw new Error(`seed ${SEED}, attack ${index}, after ${sent} sends: ${said}`, {
              cause,
            });
          }
        }
      }));
      await others.complete();
      assert(!ended, `the broker ended:\n${lines.slice(-20).join("\n")}`);
      assert.deepEqual(lines.filter((line) => FAULT.test(line)), []);
    }
  }

  const filesBefore = openFiles(pid);
  await attackUntil(WARM_UP);
  const memoryBefore = memoryMb(pid);
  await attackUntil(RUNS);
  const memory = memoryMb(pid);
  const files = await filesAtRest(pid, filesBefore + FILES_SLACK);
  console.log(
    `${sent} sends in ${attacks} attacks with seed ${SEED}: ${memoryBefore} to ${memory} MB, ` +
      `${filesBefore} to ${files} files`,
  );
  assert(!(files > filesBefore + FILES_SLACK), `${filesBefore} files, then ${files}`);
  assert(!(memory > memoryBefore + MEMORY_SLACK_MB), `${memoryBefore} MB, then ${memory} MB`);

  await others.begin();
  await cleanPage(broker);
  await others.complete();
  await others[Symbol.asyncDispose]();
  assert(!ended);
});

/** Open files when the last connections of the attacks are closed: at most `goal`, or too late. */
async function filesAtRest(pid: number, goal: number): Promise<number> {
  const deadline = performance.now() + 60_000;
  while (openFiles(pid) > goal && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return openFiles(pid);
}
