import assert from "node:assert/strict";
import { join } from "node:path";
import { claimDiscovery, findHost } from "../../../src/host/discovery.ts";

const mine = { pid: 1, port: 57_447, token: "mine", version: "1.0.0", startedAt: "2026-01-01" };

async function inFolder(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(join(folder, "home", "host.json"));
    const left = await Array.fromAsync(Deno.readDir(join(folder, "home")), ({ name }) => name);
    assert.deepEqual(left, [], "files are left");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Something that answers as a Host would, under a process id. */
function fakeHost(pid: number, token: string) {
  return serve((request) => {
    const known = request.headers.get("X-Gemmapod-Token") === token;
    return Response.json(known ? { pid } : { error: "no" }, { status: known ? 200 : 401 });
  });
}

function serve(handler: (request: Request) => Response | Promise<Response>) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  return { port: server.addr.port, [Symbol.asyncDispose]: () => server.shutdown() };
}

Deno.test("discovery: the file is for its owner alone, holds the Host, and goes with it", () =>
  inFolder(async (path) => {
    await using _claim = await claimDiscovery(path, mine);
    assert.deepEqual(JSON.parse(await Deno.readTextFile(path)), mine);
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o077, 0);
  }));

Deno.test("discovery: a Host that is running keeps its file", () =>
  inFolder(async (path) => {
    await using other = fakeHost(2, "other");
    const { port } = other;
    await using _claim = await claimDiscovery(path, { ...mine, pid: 2, port, token: "other" });
    await assert.rejects(claimDiscovery(path, mine), {
      code: "host_running",
      message: /process 2/,
    });
    assert.equal(JSON.parse(await Deno.readTextFile(path)).pid, 2);
  }));

Deno.test("discovery: a Host that is busy is found all the same, and keeps its file", () =>
  inFolder(async (path) => {
    const free = Promise.withResolvers<void>();
    await using busy = serve(() => free.promise.then(() => Response.json({ pid: 2 })));
    await using _claim = await claimDiscovery(path, { ...mine, pid: 2, port: busy.port });
    const found = findHost({ discoveryPath: path });
    const refused = assert.rejects(claimDiscovery(path, mine), { code: "host_running" });
    setTimeout(free.resolve, 1_500);
    assert.equal((await found)?.pid, 2);
    await refused;
    assert.equal(JSON.parse(await Deno.readTextFile(path)).pid, 2);
  }));

Deno.test("discovery: a file whose Host is gone is taken over: no answer, another program, no JSON", async (t) => {
  await using stranger = fakeHost(999, "another");
  for (
    const [name, content] of [
      ["nobody listens", JSON.stringify({ ...mine, pid: 2, port: 9 })],
      ["another program", JSON.stringify({ ...mine, pid: 2, port: stranger.port })],
      ["not JSON", "{"],
      ["empty", ""],
    ] as const
  ) {
    await t.step(name, () =>
      inFolder(async (path) => {
        await Deno.mkdir(join(path, ".."));
        await Deno.writeTextFile(path, content);
        await using _claim = await claimDiscovery(path, mine);
        assert.deepEqual(JSON.parse(await Deno.readTextFile(path)), mine);
      }));
  }
});

Deno.test("discovery: of many that start at once, one has the file", () =>
  inFolder(async (path) => {
    await using host = fakeHost(5, "five");
    const claims = await Promise.allSettled(
      Array.from(
        { length: 8 },
        () => claimDiscovery(path, { ...mine, pid: 5, port: host.port, token: "five" }),
      ),
    );
    const won = claims.filter((claim) => claim.status === "fulfilled");
    assert.equal(won.length, 1);
    await won[0]?.value[Symbol.asyncDispose]();
  }));

Deno.test("discovery: a file that another Host has taken over is left to it", () =>
  inFolder(async (path) => {
    const claim = await claimDiscovery(path, mine);
    await Deno.writeTextFile(path, JSON.stringify({ ...mine, pid: 3 }));
    await claim[Symbol.asyncDispose]();
    assert.equal(JSON.parse(await Deno.readTextFile(path)).pid, 3);
    await Deno.remove(path);
  }));
