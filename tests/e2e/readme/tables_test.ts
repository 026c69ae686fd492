/**
 * What the READMEs say in tables, against the code: nothing is missing there, and nothing is made up.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT_DIR } from "../../../src/assets/native.ts";
import { hostOptions } from "../../../src/cli/host_options.ts";
import { podTomlSchema } from "../../../src/pod/pod_toml_schema.ts";
import { flagOf, SETTINGS } from "../../../src/signal/settings/setting.ts";
import { limitsTable } from "../../../src/signal/settings/settings_schema.ts";
import { settingsOf } from "../../../src/signal/settings/settings.ts";
import { startBroker } from "../../../src/signal/mod.ts";
import { createLogger } from "../../../src/base/mod.ts";
import { FROM_SOURCE } from "../chain.ts";
import { run } from "../processes.ts";
import { readmes, withoutFences } from "./readme_text.ts";

const texts = await readmes();
const readme = texts.get("README.md") ?? "";

/** The rows of the table whose head begins like this. */
function rowsOf(text: string, head: string): string[][] {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.replace(/ +/g, " ").startsWith(`| ${head} |`));
  assert.notEqual(at, -1, head);
  const rows = lines.slice(at + 2);
  const end = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(0, end === -1 ? undefined : end).map((line) =>
    line.replaceAll("\\|", "¦").split("|").slice(1, -1).map((cell) => cell.trim())
  );
}

/** The code in a text: `a` and `b`. */
function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** The names of flags in a text. */
function flagsIn(text: string): string[] {
  return [...text.matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag);
}

async function source(path: string): Promise<string> {
  return await Deno.readTextFile(join(ROOT_DIR, path));
}

/** The members of an interface in a file of ours, as it is formatted. */
async function membersOf(path: string, name: string): Promise<string[]> {
  const [, body = ""] = new RegExp(`interface ${name}\\b[^{]*\\{\\n([^]*?)^\\}`, "m")
    .exec(await source(path)) ?? [];
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??(?=[(:<])/gm)].map(([, member = ""]) =>
    member
  );
}

Deno.test("the settings of the Host are its flags", () => {
  const named = flagsIn(
    rowsOf(readme, "flag | variable").flat().join(" "),
  );
  const flags = hostOptions().map(({ long }) => long ?? "");
  assert.deepEqual([...new Set(named)].sort(), flags.sort());
});

Deno.test("every variable that the programs read is in the README", async () => {
  const ofOthers = new Set(["NO_PROXY", "no_proxy", "TERM", "XDG_CONFIG_HOME"]);
  for await (const path of sourcesOf("src")) {
    const text = await source(path);
    for (const [, name = ""] of text.matchAll(/(?:processEnv|\benv|Deno\.env\.get)\("(\w+)"\)/g)) {
      if (ofOthers.has(name) || path.startsWith("src/assets/")) continue;
      assert.ok(readme.includes(`\`${name}\``), `${path} reads ${name}`);
    }
  }
});

Deno.test("the keys of pod.toml are those that are read", () => {
  const listed: string[] = [];
  const soon = ["transport.dartc.require_proof", "transport.dartc.relay"]; // read, and not used yet
  for (const [cell = ""] of rowsOf(readme, "key")) {
    const [first = "", ...more] = codeIn(cell);
    const table = /^\[+([\w.]+)\]+$/.exec(first)?.[1];
    const keys = table === undefined ? [first, ...more] : more.map((key) => `${table}.${key}`);
    listed.push(...keys);
  }
  assert.deepEqual([...listed, ...soon].sort(), keysOf(podTomlSchema.shape).sort());
});

Deno.test("the settings and limits of the broker are all there, with what holds without them", () => {
  const rows = rowsOf(readme, "flag | default");
  assert.deepEqual(
    flagsIn(rows.map(([flag]) => flag).join(" ")).sort(),
    SETTINGS.map(flagOf).sort(),
  );
  const limits = rowsOf(readme, "limit").map(([name = "", value = ""]) => [
    codeIn(name)[0],
    Number(codeIn(value)[0]),
  ]);
  assert.deepEqual(limits.map(([name]) => name).sort(), Object.keys(limitsTable.shape).sort());
  const written = Object.fromEntries(limits);
  const place = () => "";
  assert.deepEqual(settingsOf([{ values: { limits: written }, place }]), settingsOf([]));
});

Deno.test("the fields of /health are those that a broker sends", async () => {
  const log = createLogger({ name: "signal", write: () => {} });
  await using broker = await startBroker({ port: 0, log });
  const health = await (await fetch(`${broker.url}/health`)).json();
  const rows = rowsOf(texts.get("src/signal/service/README.md") ?? "", "field");
  const named = rows.flatMap(([field = ""]) => codeIn(field)).filter((name) => name !== "bus");
  assert.deepEqual(named.sort(), Object.keys(health).sort()); // `bus` is there with --bus
});

Deno.test("metrics and events that the broker's README names are in its sources", async () => {
  const text = texts.get("src/signal/service/README.md") ?? "";
  const names = codeIn(withoutFences(text)).flatMap((code) =>
    code.match(/\b[a-z]+_[a-z_0-9]+\b/g) ?? []
  )
    .map((name) => name.replace(/^gemmapod_signal_/, "").replace(/_bucket$/, ""))
    .filter((name) => !OF_PROMETHEUS.has(name));
  let sources = "";
  for await (const path of sourcesOf("src/signal")) sources += await source(path);
  assert.ok(names.length > 10, `${names}`);
  assert.deepEqual(names.filter((name) => !sources.includes(name)), []);
});

/** Words of its queries, and what proxies are told. */
const OF_PROMETHEUS: ReadonlySet<string> = new Set(["histogram_quantile"]);

Deno.test("all commands are in the README, and it names no other", async () => {
  const env = { ...Deno.env.toObject(), COLUMNS: "200", NO_COLOR: "1" };
  const help = await run([...FROM_SOURCE.gemmapod, "--help"], { env });
  const [, list = ""] = /^Commands:\n([^]*?)\n\n/m.exec(help) ?? [];
  const commands = [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = ""]) => name);
  const rows = rowsOf(readme, "for | commands");
  assert.deepEqual(
    [...new Set(rows.flatMap(([, names = ""]) => codeIn(names)))].sort(),
    [...commands].sort(),
  );
});

Deno.test("the runtime's events are in the README, and it names no other", async () => {
  const text = await source("src/runtime/runtime_event.ts");
  const types = [...text.matchAll(/readonly type: "([\w.]+)"/g)].map(([, type = ""]) => type);
  const named = rowsOf(readme, "type").flatMap(([type = ""]) => codeIn(type));
  assert.deepEqual(named.sort(), types.sort());
});

Deno.test("the options of mountPod and the members of a runtime are in the README", async () => {
  const options = [
    ...await membersOf("web/mount_pod.ts", "MountPodOptions"),
    ...await membersOf("web/ui/render_widget.tsx", "WidgetOptions"),
  ];
  const named = rowsOf(readme, "option of `mountPod`").flatMap(([option = ""]) => codeIn(option));
  assert.deepEqual(named.sort(), options.sort());

  const types = "src/runtime/runtime_types.ts";
  const members: Record<string, string[]> = {
    "runtime.chat": await membersOf("src/runtime/chat_types.ts", "RuntimeChatApi"),
    "runtime.state": await membersOf("src/runtime/state_store.ts", "RuntimeStateStore"),
    "runtime.capabilities": await membersOf(types, "RuntimeCapabilityRegistry"),
    "runtime.events": await membersOf("src/runtime/event_bus.ts", "RuntimeEventBus"),
    "runtime.a2a": await membersOf(types, "RuntimeA2AApi"),
  };
  members["runtime"] = (await membersOf(types, "GemmaPodRuntime"))
    .filter((name) => !(`runtime.${name}` in members));
  const rows = rowsOf(readme, "of | members").map((
    [of = "", names = ""],
  ) => [codeIn(of)[0], codeIn(names).map((name) => name.replace("()", "")).sort()]);
  const expected = Object.entries(members).map(([of, names]) => [of, names.sort()]);
  assert.deepEqual(rows.sort(), expected.sort());
});

Deno.test("what the script tags call GemmaPod is in the README", async () => {
  const exported = async (path: string) => {
    const text = await source(path);
    const lists = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names = ""]) =>
      names.split(",").map((name) => name.trim()).filter((name) => /^\w+$/.test(name))
    );
    const functions = [...text.matchAll(/^export (?:async )?function (\w+)/gm)];
    return [...lists, ...functions.map(([, name = ""]) => name)];
  };
  const [, without = "", more = ""] =
    /`GemmaPod` itself has ([^]*?), and with the widget ([^]*?)\./.exec(readme) ?? [];
  const runtime = await exported("web/entry-runtime.ts");
  assert.deepEqual(codeIn(without).sort(), runtime.sort());
  const full = [...await exported("web/entry.ts"), ...await exported("web/entry-site.ts")];
  assert.deepEqual(
    codeIn(more).sort(),
    [...new Set(full)].filter((name) => !runtime.includes(name)).sort(),
  );
});

/** Numbers in sentences: where each is set, and how the sentence says it. */
const NUMBERS: readonly [path: string, constant: string, says: (number: number) => string][] = [
  ["src/host/chat/fit_context.ts", "MAX_MESSAGES", (count) => `newest ${count} messages`],
  ["src/host/chat/fit_context.ts", "DEFAULT_CONTEXT", (count) => `${inThousands(count)} tokens`],
  ["src/host/tools/guard_tool.ts", "TOOL_TIME_LIMIT_MS", (ms) => `may take ${ms / 1000} seconds`],
  ["src/host/chat/answer_in_steps.ts", "MAX_STEPS", (count) => `${WORDS[count]} steps make a run`],
  ["src/host/host_config.ts", "DEFAULT_MAX_PEERS", (count) => `${count} visitors at once`],
  ["src/pod/packed_page.ts", "MAX_PAGE_BYTES", (bytes) => `${bytes / 2 ** 20} MiB at most`],
];

const WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"];

const inThousands = (count: number) => count.toLocaleString("en");

Deno.test("the numbers in the README's sentences are the code's", async () => {
  const sentences = readme.replace(/\s+/g, " ");
  for (const [path, constant, says] of NUMBERS) {
    const [, text = ""] = new RegExp(`const ${constant} = ([\\d_ *]+);`).exec(await source(path)) ??
      [];
    const number = text.replaceAll("_", "").split("*").reduce((all, one) => all * Number(one), 1);
    assert.ok(number > 1 && sentences.includes(says(number)), `${path}: ${constant} is ${text}`);
  }
});

/** The files of ours below a folder. */
async function* sourcesOf(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT_DIR, folder))) {
    if (isDirectory) yield* sourcesOf(`${folder}/${name}`);
    else if (/\.tsx?$/.test(name)) yield `${folder}/${name}`;
  }
}

/** The keys of a schema's tables, as `table.key`; of a list of tables, those of each. */
function keysOf(shape: Readonly<Record<string, unknown>>, below = ""): string[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const table = tableIn(schema);
    // The older name of a table, and lists that are written as values.
    if (key === "webrtc") return [];
    if (table === undefined || ["models", "on_run_started", "on_run_finished"].includes(key)) {
      return [`${below}${key}`];
    }
    return keysOf(table, `${below}${key}.`);
  });
}

/** The shape of the table that a schema is of, behind what is optional or a list. */
function tableIn(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  // Schemas are looked at as data: zod has no type for one of which nothing is known.
  let at = schema as { shape?: Record<string, unknown>; def?: Record<string, unknown> } | undefined;
  while (at !== undefined && at.shape === undefined) {
    at = (at.def?.["innerType"] ?? at.def?.["element"]) as typeof at;
  }
  return at?.shape;
}
