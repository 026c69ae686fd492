/**
 * How fast WebRTC is in a native process: `deno task bench rtc`. Both sides, and the broker between
 * them, are in this one process. Prints a table and asserts nothing.
 *
 * @module
 */
import type { Channel } from "../../src/dartc/mod.ts";
import { dial, preloadRtc } from "../../src/rtc/mod.ts";
import { rtcHost } from "../e2e/rtc_host.ts";
import { cpuSeconds } from "./tools/process_usage.ts";
import { type Row, spread, table } from "./tools/table.ts";

/** Connections, one after the other. */
const CONNECTS = 50;
/** Connections that are made at once, and how often. */
const CROWD = 16;
const CROWDS = 4;
/** Frames of one direction, and their size: that of a signed delta. */
const FRAMES = 20_000;
const FRAME = "x".repeat(700);

const cold = performance.now();
await preloadRtc();
const preloaded = performance.now() - cold;

let onFrame = (_text: string) => {};
await using host = await rtcHost((channel) => channel.onMessage((text) => onFrame(text)));
const call = () => dial({ signalUrl: host.signalUrl, podId: "cafe", iceServers: [] });

const rows: Row[] = [["addon loaded and started", preloaded.toFixed(0), "ms"]];
rows.push(["dial to open, one by one", spread(await connects()), "ms"]);
rows.push([`dial to open, ${CROWD} at once`, spread(await crowds()), "ms"]);
rows.push(...await throughput());
table("WebRTC, native to native", rows);

async function connects(): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < CONNECTS; i++) {
    const from = performance.now();
    await using _line = await call();
    times.push(performance.now() - from);
  }
  return times;
}

async function crowds(): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < CROWDS; i++) {
    const lines = await Promise.all(Array.from({ length: CROWD }, async () => {
      const from = performance.now();
      const line = await call();
      times.push(performance.now() - from);
      return line;
    }));
    await Promise.all(lines.map((line) => line.peer.close()));
  }
  return times;
}

async function throughput(): Promise<Row[]> {
  await using line = await call();
  const { channel } = line;
  const all = Promise.withResolvers<void>();
  let received = 0;
  onFrame = () => ++received === FRAMES && all.resolve();
  const [from, cpu] = [performance.now(), cpuSeconds(Deno.pid)];
  await sendAll(channel);
  await all.promise;
  const seconds = (performance.now() - from) / 1000;
  const cpuMicroseconds = (cpuSeconds(Deno.pid) - cpu) * 1e6 / FRAMES;
  return [
    ["frames of 700 bytes", (FRAMES / seconds).toFixed(0), "/s"],
    ["CPU a frame, both ends", cpuMicroseconds.toFixed(0), "us"],
  ];
}

async function sendAll(channel: Channel): Promise<void> {
  for (let i = 0; i < FRAMES; i++) {
    channel.send(FRAME);
    await channel.writable();
  }
}
