/**
 * What a broker carries, with real processes on loopback:
 * `deno run -A tests/bench/broker.ts [--broker dist/gemmapod-signal]`. Prints tables and asserts
 * nothing. The load is in this process, made of prebuilt bytes; on two cores what it costs counts
 * too, so the CPU time of both sides is told.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { FROM_SOURCE } from "../e2e/chain.ts";
import { type Running, start } from "../e2e/processes.ts";
import { frame, RawSocket } from "../e2e/raw_socket.ts";
import { smallPage } from "../e2e/small_page.ts";
import { cpuSeconds, memoryMb } from "./tools/process_usage.ts";
import { hostOf, SessionLoad } from "./tools/session_load.ts";
import { type Row, spread, table } from "./tools/table.ts";

/** How many idle sockets are measured, and how many come first so that the heap has its shape. */
const IDLE = [2_000, 5_000];
const WARM_UP_SOCKETS = 100;
/** How many connect at once, and how much each needs to read an answer. */
const CONNECT_AT_ONCE = 50;
const SMALL_READ_BYTES = 512;
/** Until memory is what it stays. */
const SETTLE_MS = 2_000;

const IN_FLIGHT = 50;
const WARM_UP_MS = 1_500;
const MEASURE_MS = 5_000;

const ROUND_TRIPS = 5_000;

const PAGES = 16;
const PAGE_BYTES = 10 * 1024 * 1024;
const PAGES_AT_ONCE = 4;

const RETURNING = 5_000;

const { values } = parseArgs({ options: { broker: { type: "string" } } });
const program = values.broker === undefined ? FROM_SOURCE.signal : [values.broker];

for (const sockets of IDLE) await measureIdle(sockets);
for (const visitors of ["standing", "fresh"] as const) await measureSessions(visitors);
await measureRoundTrips();
await measurePages();
await measureReturn();

interface BenchBroker extends AsyncDisposable {
  readonly running: Running;
  readonly pid: number;
  readonly port: number;
  /** Milliseconds from its start until it listened. */
  readonly startMs: number;
}

async function startBroker(port = 0): Promise<BenchBroker> {
  const from = performance.now();
  const running = start([...program, "--port", String(port), "--limits", "off"]);
  const [, said] = await running.line(/listening on http:\/\/127\.0\.0\.1:(\d+)/);
  return {
    running,
    pid: running.pid,
    port: Number(said),
    startMs: performance.now() - from,
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

async function measureIdle(count: number): Promise<void> {
  await using broker = await startBroker();
  const hosts = await connectHosts(broker.port, "warm", WARM_UP_SOCKETS);
  await settle(SETTLE_MS);
  const before = memoryMb(broker.pid);
  const usage = usageOf(broker);
  hosts.push(...await connectHosts(broker.port, "idle", count));
  const { seconds, cpu } = usage();
  await settle(SETTLE_MS);
  const after = memoryMb(broker.pid);
  table(`${count} idle Hosts`, [
    ["broker before", `${before}`, "MB"],
    ["a socket", ((after - before) * 1e6 / 1024 / count).toFixed(1), "KiB"],
    ["registered", (count / seconds).toFixed(0), "/s"],
    ...cpu(count, "Host"),
  ]);
  for (const host of hosts) host[Symbol.dispose]();
}

async function measureSessions(visitors: "fresh" | "standing"): Promise<void> {
  await using broker = await startBroker();
  const load = await SessionLoad.start({ port: broker.port, inFlight: IN_FLIGHT, visitors });
  await settle(WARM_UP_MS);
  load.taken();
  const usage = usageOf(broker);
  await settle(MEASURE_MS);
  const { seconds, cpu } = usage();
  const { offers, sessions } = load.taken();
  table(`Sessions, ${IN_FLIGHT} in flight, ${visitors} visitors`, [
    ["sessions", (sessions.length / seconds).toFixed(0), "/s"],
    ["offer relayed", spread(offers, [0.5, 0.95, 0.99]), "ms (p50 / p95 / p99)"],
    ["whole session", spread(sessions, [0.5, 0.95, 0.99]), "ms (p50 / p95 / p99)"],
    ...cpu(sessions.length, "session"),
    ["broker", `${memoryMb(broker.pid)}`, "MB"],
  ]);
  await load.stop();
}

async function measureRoundTrips(): Promise<void> {
  await using broker = await startBroker();
  using socket = await RawSocket.connect(broker.port);
  const ping = frame('{"t":"ping"}');
  const microseconds: number[] = [];
  for (let i = -ROUND_TRIPS; i < ROUND_TRIPS; i++) { // half of them warm up
    const from = performance.now();
    const answered = new Promise<void>((resolve) => socket.onFrame = () => resolve());
    await socket.send(ping);
    await answered;
    if (i >= 0) microseconds.push((performance.now() - from) * 1_000);
  }
  table("One client, one message at a time", [
    ["starts", broker.startMs.toFixed(0), "ms"],
    ["round trip", spread(microseconds, [0.5, 0.95, 0.99]), "us (p50 / p95 / p99)"],
  ]);
}

async function measurePages(): Promise<void> {
  await using broker = await startBroker();
  const url = `http://127.0.0.1:${broker.port}`;
  const paths: string[] = [];
  const before = memoryMb(broker.pid);
  const up = await transfer(broker, async (i) => {
    const body = smallPage(`<!--${i}${"x".repeat(PAGE_BYTES)}-->`);
    const answer = await fetch(`${url}/pods`, {
      method: "POST",
      headers: { "content-type": "text/html" },
      body,
    });
    const { id } = await answer.json();
    paths.push(id);
    return body.length;
  });
  const uploaded = memoryMb(broker.pid);
  const down = await transfer(broker, async (i) => {
    const answer = await fetch(`${url}/${paths[i]}`, {
      headers: { "accept-encoding": "identity" },
    });
    let bytes = 0;
    for await (const chunk of answer.body ?? []) bytes += chunk.length;
    return bytes;
  });
  table(`${PAGES} pages of 10 MiB, ${PAGES_AT_ONCE} at once`, [
    [
      "broker before, after uploads, after downloads",
      `${before} / ${uploaded} / ${memoryMb(broker.pid)}`,
      "MB",
    ],
    ["up", up.rate, "MB/s"],
    ...up.rows,
    ["down", down.rate, "MB/s"],
    ...down.rows,
  ]);
}

async function transfer(
  broker: BenchBroker,
  one: (i: number) => Promise<number>,
): Promise<{ rate: string; rows: Row[] }> {
  let bytes = 0;
  const usage = usageOf(broker);
  await inTurn(PAGES, PAGES_AT_ONCE, async (i) => void (bytes += await one(i)));
  const { seconds, cpu } = usage();
  return { rate: (bytes / 1e6 / seconds).toFixed(0), rows: cpu(PAGES, "page") };
}

/** A broker ends and comes back, and all its Hosts come at once: worse than with their jitter. */
async function measureReturn(): Promise<void> {
  const first = await startBroker();
  const { port } = first;
  const hosts = await connectHosts(port, "host", RETURNING);
  first.running.kill("SIGTERM");
  await Promise.all(hosts.map(({ ended }) => ended));
  await first.running.status;
  await using second = await startBroker(port);
  const usage = usageOf(second);
  const back = await Promise.all(
    hosts.map((_, i) => hostOf(port, `host-${i}`, SMALL_READ_BYTES)),
  );
  const { seconds, cpu } = usage();
  table(`${RETURNING} Hosts return at once after a restart`, [
    ["all are served after", seconds.toFixed(1), "s"],
    ...cpu(RETURNING, "Host"),
  ]);
  for (const host of back) host[Symbol.dispose]();
}

async function connectHosts(port: number, name: string, count: number): Promise<RawSocket[]> {
  const hosts: RawSocket[] = [];
  await inTurn(count, CONNECT_AT_ONCE, async (i) => {
    hosts.push(await hostOf(port, `${name}-${i}`, SMALL_READ_BYTES));
  });
  return hosts;
}

/** Does something `count` times, so many of them at once. */
async function inTurn(
  count: number,
  atOnce: number,
  one: (i: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < count) await one(next++);
  }));
}

/** Begins to count time and CPU of both sides; the call ends it. */
function usageOf(
  { pid }: BenchBroker,
): () => { seconds: number; cpu: (of: number, what: string) => Row[] } {
  const from = performance.now();
  const [broker, load] = [cpuSeconds(pid), cpuSeconds(Deno.pid)];
  return () => {
    const seconds = (performance.now() - from) / 1_000;
    const used = [cpuSeconds(pid) - broker, cpuSeconds(Deno.pid) - load];
    const of = (count: number) => used.map((cpu) => (cpu * 1e6 / count).toFixed(0)).join(" / ");
    const share = used.map((cpu) => (cpu * 100 / seconds).toFixed(0)).join(" / ");
    return {
      seconds,
      cpu: (count, what) => [
        ["CPU of broker / load", of(count), `us a ${what}`],
        ["busy, broker / load", share, "% of a core"],
      ],
    };
  };
}

function settle(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
