import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Who may import whom: a room, and the rooms it may enter. The test fails on any arrow that is
 * not here, on a path past a door, and on a cycle between rooms.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  core: ["base"],
  dartc: ["core", "base"],
  pod: ["core", "base"],
  signaling: ["base"],
  assets: ["base"],
  rtc: ["dartc", "signaling", "base"],
  runtime: ["dartc", "pod", "core", "signaling", "base"],
  signal: ["pod", "core", "signaling", "base"],
  host: ["dartc", "pod", "core", "rtc", "signaling", "assets", "base"],
  pack: ["pod", "core", "assets", "base"],
  cli: [
    "assets",
    "base",
    "core",
    "dartc",
    "host",
    "pack",
    "pod",
    "rtc",
    "runtime",
    "signal",
    "signaling",
  ],
  web: ["runtime", "dartc", "pod", "core", "signaling", "base"],
};

/** Rooms that a browser loads: the native door of another room is closed to them. */
const BROWSER_ROOMS: ReadonlySet<string> = new Set(["web", "runtime", "dartc"]);

/** Rooms whose `mod.ts` must run anywhere, so nothing behind it may name Deno's or Node's modules. */
const RUNS_ANYWHERE: readonly string[] = ["base", "core", "dartc", "pod", "signaling", "runtime"];

const DOORS: ReadonlySet<string> = new Set(["mod.ts", "native.ts"]);

const ROOT = new URL("../../", import.meta.url);

/** One import as `deno info` saw it; `to` is a path below the root or a package. */
interface Arrow {
  from: string;
  to: string;
}

interface InfoModule {
  specifier: string;
  error?: string;
  dependencies?: {
    specifier: string;
    code?: { specifier?: string; error?: string };
    type?: { specifier?: string; error?: string };
  }[];
}

async function sourceFiles(folder: URL): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const url = new URL(entry.name + (entry.isDirectory ? "/" : ""), folder);
    if (entry.isDirectory) found.push(...await sourceFiles(url));
    else if (/\.tsx?$/.test(entry.name)) found.push(url.href);
  }
  return found;
}

async function arrows(): Promise<Arrow[]> {
  const entries = [
    ...await sourceFiles(new URL("src/", ROOT)),
    ...await sourceFiles(new URL("web/", ROOT)).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }),
  ];
  // `deno info` takes one module, so one that imports them all stands in for the list.
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-graph-" });
  try {
    const all = join(folder, "all.ts");
    await Deno.writeTextFile(
      all,
      entries.map((url) => `import ${JSON.stringify(url)};`).join("\n"),
    );
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", fileURLToPath(new URL("deno.json", ROOT)), all],
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const info: { modules: InfoModule[] } = JSON.parse(new TextDecoder().decode(stdout));
    const found: Arrow[] = [];
    for (const module of info.modules) {
      const from = below(module.specifier);
      if (from === undefined) continue;
      assert.equal(module.error, undefined, `${from}: ${module.error}`);
      for (const dependency of module.dependencies ?? []) {
        const to = dependency.code?.specifier ?? dependency.type?.specifier;
        assert.ok(to !== undefined, `${from} imports ${dependency.specifier}, which is not there`);
        found.push({ from, to: below(to) ?? to });
      }
    }
    return found;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function below(specifier: string): string | undefined {
  return specifier.startsWith(ROOT.href) ? specifier.slice(ROOT.href.length) : undefined;
}

/** The room a file lives in: `src/<room>/…` or `web/…`. */
function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1] ?? (path.startsWith("web/") ? "web" : undefined);
}

/** Everything that can be reached from a file, packages included. */
function reachable(from: string, graph: readonly Arrow[]): Set<string> {
  const seen = new Set<string>();
  const open = [from];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const arrow of graph) {
      if (arrow.from === path && !seen.has(arrow.to)) {
        seen.add(arrow.to);
        open.push(arrow.to);
      }
    }
  }
  return seen;
}

const graph = await arrows();

Deno.test("the import graph: every source file lives in a room of the plan", () => {
  for (const { from } of graph) {
    const room = roomOf(from);
    assert.ok(room !== undefined && room in MAY_IMPORT, `${from} is in no room`);
  }
});

Deno.test("the import graph: a room imports only the rooms that the plan allows", () => {
  const wrong = graph.filter(({ from, to }) => {
    const [room, target] = [roomOf(from), roomOf(to)];
    return room !== undefined && target !== undefined && room !== target &&
      !MAY_IMPORT[room]?.includes(target);
  });
  assert.deepEqual(wrong, []);
});

Deno.test("the import graph: a room is entered through its doors alone", () => {
  const wrong = graph.filter(({ from, to }) => {
    const [room, target] = [roomOf(from), roomOf(to)];
    return room !== target && target !== undefined && target !== "web" &&
      !DOORS.has(to.slice(`src/${target}/`.length));
  });
  assert.deepEqual(wrong, []);
});

Deno.test("the import graph: no source file reaches outside the rooms", () => {
  const wrong = graph.filter(({ to }) =>
    (to.startsWith("file:") || below(to) !== undefined || /^(tests|build\.ts|core-rs)/.test(to)) &&
    roomOf(to) === undefined
  );
  assert.deepEqual(wrong, []);
});

Deno.test("the import graph: native doors are closed to what a browser loads", () => {
  const wrong = graph.filter(({ from, to }) =>
    BROWSER_ROOMS.has(roomOf(from) ?? "") && to.endsWith("/native.ts")
  );
  assert.deepEqual(wrong, []);
});

Deno.test("the import graph: behind a mod.ts that runs anywhere nothing is Deno's or Node's", () => {
  for (const room of RUNS_ANYWHERE) {
    const reached = [...reachable(`src/${room}/mod.ts`, graph)];
    assert.deepEqual(reached.filter((to) => to.startsWith("node:")), [], room);
  }
});

Deno.test("the import graph: rooms form no cycle", () => {
  const edges = new Map<string, Set<string>>();
  for (const { from, to } of graph) {
    const [room, target] = [roomOf(from), roomOf(to)];
    if (room === undefined || target === undefined || room === target) continue;
    edges.set(room, (edges.get(room) ?? new Set()).add(target));
  }
  const path: string[] = [];
  function visit(room: string): void {
    assert.ok(!path.includes(room), `a cycle: ${[...path, room].join(" -> ")}`);
    path.push(room);
    for (const next of edges.get(room) ?? []) visit(next);
    path.pop();
  }
  for (const room of edges.keys()) visit(room);
});
