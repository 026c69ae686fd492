import assert from "node:assert/strict";
import { join } from "node:path";
import { createLogger } from "../../../src/base/mod.ts";
import { HostState } from "../../../src/host/host_state.ts";

const pod = (podId: string) => ({ podId, podDir: `/pods/${podId}`, addedAt: "2026-01-01" });

async function withState(use: (state: HostState, path: string, lines: string[]) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "home", "state.json");
    const lines: string[] = [];
    const log = createLogger({ name: "host", write: (line) => lines.push(line) });
    await use(new HostState(path, log), path, lines);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("HostState: the last of many writes is what is read, from a file for its owner alone", () =>
  withState(async (state, path) => {
    assert.deepEqual(await state.read(), []);
    void state.write([pod("a")]);
    void state.write([pod("a"), pod("b")]);
    await state.settled();
    assert.deepEqual(await state.read(), [pod("a"), pod("b")]);
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o077, 0);
  }));

Deno.test("HostState: a file that cannot be read or written is said, and a Host goes on", () =>
  withState(async (state, path, lines) => {
    await Deno.mkdir(path, { recursive: true });
    assert.deepEqual(await state.read(), []);
    await state.write([pod("a")]);
    assert.equal(lines.length, 2, lines.join("\n"));
  }));
