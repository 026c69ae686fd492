/**
 * How fast the Host is, with real processes on loopback: `deno run -A tests/bench/host.ts`.
 * Prints a table and asserts nothing. The broker, the model and the visitors are in this process,
 * the Host in its own, so that its memory and CPU are its own too.
 *
 * @module
 */
import { join } from "node:path";
import { createLogger } from "../../src/base/mod.ts";
import { startBroker } from "../../src/signal/mod.ts";
import { FROM_SOURCE } from "../e2e/chain.ts";
import { podToml } from "../e2e/host_setup.ts";
import { everyMs, type ModelEndpoint, startModelEndpoint } from "../e2e/model_endpoint.ts";
import { NativeVisitor } from "../e2e/native_visitor.ts";
import { type Running, start } from "../e2e/processes.ts";
import { cpuSeconds, memoryMb } from "./tools/process_usage.ts";
import { type Row, spread, table } from "./tools/table.ts";

/** How often what varies is measured. */
const ROUNDS = 50;
const STARTS = 10;

/** How many visitors come at once. */
const COUNTS = [16, 64, 200];

await using open = new AsyncDisposableStack();
const folder = await Deno.makeTempDir({ prefix: "gemmapod-bench-" });
open.defer(() => Deno.remove(folder, { recursive: true }));
const quiet = createLogger({ name: "signal", write: () => {} });
const broker = open.use(await startBroker({ port: 0, limits: "off", log: quiet }));
const model = open.use(startModelEndpoint());
const signalUrl = `${broker.url}/signal`;
await Deno.mkdir(join(folder, "pod"));
await Deno.writeTextFile(join(folder, "pod", "pod.toml"), podToml(signalUrl, "pod"));

const rows: Row[] = [];
rows.push(["start to registered", spread(await starts()), "ms"]);
const host = open.use(await startHost());
rows.push(["Host idle", `${memoryMb(host.pid)}`, "MB"]);
await visit().then((visitor) => visitor[Symbol.asyncDispose]()); // WebRTC and the model are loaded now
rows.push(["visitor start to ready", spread(await readies()), "ms"]);
rows.push(...await pace(model));
rows.push(...await burst(model));
for (const visitors of COUNTS) rows.push(...await crowd(model, visitors));
table("Host", rows);

function startHost(): Promise<Running> {
  const args = ["run", join(folder, "pod"), "--provider-url", model.url];
  const running = start([...FROM_SOURCE.gemmapod, ...args, "--port", "0", "--parallel", "1000"], {
    env: { ...Deno.env.toObject(), GEMMAPOD_HOME: join(folder, "home") },
  });
  return running.line(/registered for pod/).then(() => running);
}

async function starts(): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const from = performance.now();
    await using _host = await startHost();
    times.push(performance.now() - from);
  }
  return times;
}

function visit(): Promise<NativeVisitor> {
  return NativeVisitor.visit({ signalUrl, podId: "pod" });
}

async function readies(): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const from = performance.now();
    await using _visitor = await visit();
    times.push(performance.now() - from);
  }
  return times;
}

/**
 * 200 tokens a second: how long after the question the endpoint has it, and how long after the
 * endpoint wrote it each token is with the visitor.
 */
async function pace(endpoint: ModelEndpoint): Promise<Row[]> {
  const tokens = Array.from({ length: 200 }, (_, index) => `word${index} `);
  endpoint.script({ tokens, pace: everyMs(5) });
  await using visitor = await visit();
  const [asked, first, lags]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < 10; round++) {
    const index = endpoint.requests.length;
    const arrived: number[] = [];
    visitor.onEvent = (event) => {
      if (event.type !== "delta") return;
      const at = performance.timeOrigin + performance.now();
      for (const _word of event.delta.trim().split(" ")) arrived.push(at);
    };
    const from = performance.timeOrigin + performance.now();
    await visitor.ask("Talk.");
    const { emittedAt } = await endpoint.request(index);
    const lag = arrived.map((at, token) => at - (emittedAt[token] ?? at));
    asked.push((emittedAt[0] ?? from) - from);
    first.push(...lag.slice(0, 1));
    lags.push(...lag);
  }
  return [
    ["question to endpoint", spread(asked), "ms"],
    ["first token lag", spread(first), "ms"],
    ["token lag at 200 tokens/s", spread(lags), "ms"],
  ];
}

async function burst(endpoint: ModelEndpoint): Promise<Row[]> {
  endpoint.script({ tokens: Array.from({ length: 2_000 }, (_, index) => `word${index} `) });
  await using visitor = await visit();
  const times: number[] = [];
  const deltas: number[] = [];
  for (let round = 0; round < 5; round++) {
    const from = performance.now();
    const answer = await visitor.ask("Burst.");
    times.push(performance.now() - from);
    deltas.push(answer.deltas.length);
  }
  return [["burst of 2,000 tokens", spread(times), "ms"], ["its deltas", spread(deltas), ""]];
}

/** Many visitors at once, 50 tokens at 20 ms each. */
async function crowd(endpoint: ModelEndpoint, count: number): Promise<Row[]> {
  endpoint.script({ tokens: Array.from({ length: 50 }, () => "word "), pace: everyMs(20) });
  await using visitors = new AsyncDisposableStack();
  const cpuBefore = cpuSeconds(host.pid);
  const from = performance.now();
  const all = await Promise.all(
    Array.from({ length: count }, async () => visitors.use(await visit())),
  );
  const connected = performance.now();
  const answers = await Promise.all(all.map((visitor) => visitor.ask("Talk.")));
  const done = performance.now();
  const whole = answers.filter(({ text }) => text === "word ".repeat(50)).length;
  return [
    [`${count} visitors: connected`, (connected - from).toFixed(0), "ms"],
    [`${count} visitors: answered`, (done - connected).toFixed(0), `ms, ${whole} whole`],
    [
      `${count} visitors: Host`,
      `${memoryMb(host.pid)} MB`,
      `${(cpuSeconds(host.pid) - cpuBefore).toFixed(1)} s of CPU`,
    ],
  ];
}
