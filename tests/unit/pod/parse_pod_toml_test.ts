import assert from "node:assert/strict";
import { fc } from "../../libraries/fast_check.ts";
import {
  encodeManifest,
  isPodId,
  manifestFromPodToml,
  parsePodToml,
  podIdOf,
  PodTomlError,
  type PodTomlIssue,
  resolveModel,
  slugOf,
  unsupportedPromises,
} from "../../../src/pod/mod.ts";
import { OWNER, podToml } from "./samples.ts";

function mistakesOf(toml: string): readonly PodTomlIssue[] {
  try {
    parsePodToml(toml);
  } catch (error) {
    assert(error instanceof PodTomlError, String(error));
    return error.issues;
  }
  assert.fail("no mistake was found");
}

/** The one mistake of a document, as `line key: found, expected`. */
function mistakeOf(toml: string): string {
  const [issue, another] = mistakesOf(toml);
  assert(issue !== undefined && another === undefined, JSON.stringify([issue, another]));
  return `${issue.line} ${issue.key}: ${issue.found}, ${issue.expected}`;
}

Deno.test("parsePodToml() fills in what a short pod.toml leaves out", () => {
  const { pod, warnings } = parsePodToml(podToml());
  assert.deepEqual(warnings, []);
  assert.deepEqual(pod, {
    name: "Hello",
    id: "hello-pod",
    persona: "",
    system_prompt: "You are terse.",
    tools: [],
    transport: {
      preferred: ["dartc", "fallback"],
      dartc: { signal_url: "wss://signal.gemmapod.com/signal", pod_id: "hello-pod" },
    },
  });
});

Deno.test("parsePodToml() reads every key that the specification has", () => {
  const { pod, warnings } = parsePodToml(`
id = "own-id"
name = "All of it"
persona = "p"
system_prompt = "s"
model = "m"
[llm]
provider = "ollama"
provider_url = "http://localhost:11434"
model = "m2"
models = ["m2", "m3"]
temperature = 0.5
max_tokens = 100
context = 8192
keep_alive = "5m"
[owner]
pubkey = "${OWNER.toUpperCase()}"
[transport]
preferred = ["direct", "dartc"]
[transport.dartc]
signal_url = "http://127.0.0.1:8080/signal"
pod_id = "p.1"
require_proof = false
relay = false
[transport.fallback]
tier = "e2b"
model = "org/model"
models = [{ id = "org/model", label = "Model", sizeMB = 1500 }]
[transport.direct]
base_url = "http://localhost:11434"
[[tools]]
name = "share_contact"
description = "Share it."
[events]
on_run_started = [{ name = "a", value = { deep = [1, "x", { y = true }] } }, { name = "b" }]
enable_tools = ["react_companion"]
[[events.on_run_finished]]
name = "c"
value = 1.5
[[capabilities]]
name = "payment.intent"
required = true
risk = "high"
[ui]
entry = "ui/own.js"
mode = "widget"
title = "T"
greeting = "Hi"
starters = ["a", "b"]
accent = "#2a6f4e"
launcher = true
[limits]
runs_at_once = 1
queue = 0
messages_per_conversation_day = 50
max_question_chars = 1000
`);
  assert.deepEqual(warnings, []);
  assert.equal(pod.owner?.pubkey, OWNER);
  assert.equal(podIdOf(pod), "p.1");
  assert.equal(resolveModel(pod), "m2");
  const manifest = manifestFromPodToml(pod, OWNER, { entrySha256: "ab".repeat(32) });
  // The TOML library's tables have no prototype, which strict equality would hold against them.
  assert.deepEqual(JSON.parse(JSON.stringify(manifest)), {
    v: 1,
    id: "own-id",
    name: "All of it",
    persona: "p",
    system_prompt: "s",
    model: "m2",
    owner_pubkey: OWNER,
    transport: {
      preferred: ["direct", "dartc"],
      dartc: {
        signal_url: "http://127.0.0.1:8080/signal",
        pod_id: "p.1",
        require_proof: false,
        relay: false,
      },
      fallback: {
        tier: "e2b",
        model: "org/model",
        models: [{ id: "org/model", label: "Model", sizeMB: 1500 }],
      },
      direct: { base_url: "http://localhost:11434" },
    },
    tools: [{ name: "share_contact", description: "Share it." }],
    events: {
      on_run_started: [{ name: "a", value: { deep: [1, "x", { y: true }] } }, { name: "b" }],
      on_run_finished: [{ name: "c", value: 1.5 }],
      enable_tools: ["react_companion"],
    },
    capabilities: [{ name: "payment.intent", required: true, risk: "high" }],
    ui: {
      entry: "ui/own.js",
      mode: "widget",
      title: "T",
      greeting: "Hi",
      starters: ["a", "b"],
      accent: "#2a6f4e",
      launcher: true,
      entry_sha256: "ab".repeat(32),
    },
  });
});

Deno.test("parsePodToml() tells all mistakes at once, each with key, line, found and expected", () => {
  const toml = `name = 5
system_prompt = ""
modle = "x"

[transport.dartc]
signal_url = "example.com"

[llm]
temperature = "hot"

[[tools]]
name = "a"
description = "first"

[[tools]]
name = "a"
`;
  assert.deepEqual(
    mistakesOf(toml).map(({ line, key, found }) => [line, key, found]),
    [
      [1, "name", "5"],
      [2, "system_prompt", '""'],
      [5, "transport.dartc.pod_id", "nothing"],
      [6, "transport.dartc.signal_url", '"example.com"'],
      [9, "llm.temperature", '"hot"'],
      [15, "tools[1].description", "nothing"],
      [16, "tools[1].name", '"a" for the second time'],
    ],
  );
  assert.throws(() => parsePodToml(toml, { file: "x/pod.toml" }), (error) => {
    assert(error instanceof PodTomlError);
    assert.equal(error.code, "invalid_pod_toml");
    assert.equal(error.message.split("\n")[0], "Cannot use x/pod.toml: 7 mistakes");
    assert.match(
      error.message,
      /\n +x\/pod\.toml:9: llm\.temperature: found "hot", expected a number from 0 to 2\n/,
    );
    // The misspelt key may be the reason for a missing one, so it is told in the same breath.
    assert.match(error.message, /\n +x\/pod\.toml:3: modle: .* \(did you mean model\?\)/);
    return true;
  });
});

Deno.test("parsePodToml() says where a text stops to be TOML", () => {
  const [issue] = mistakesOf('name = "x"\nmodel = = 3\n');
  assert.equal(issue?.line, 2);
  assert.equal(issue?.column, 9);
  assert.match(issue?.message ?? "", /^pod\.toml:2:9: found text that is not TOML: /);
});

Deno.test("parsePodToml() refuses each value that has another form than the specification's", () => {
  const cases: [string, RegExp][] = [
    [podToml('require_proof = "yes"'), /^6 transport\.dartc\.require_proof: "yes", true or false/],
    [podToml("[transport.direct]"), /^6 transport\.direct\.base_url: nothing, a URL/],
    [podToml("[transport.webrtc]\npod_id = 'x'"), /^6 transport\.webrtc: the old name/],
    [podToml("[transport.fallback]\ntier = 'e9'"), /^7 transport\.fallback\.tier: "e9", "e2b" or/],
    [podToml("[owner]\npubkey = 'abc'"), /^7 owner\.pubkey: "abc", 64 hex digits/],
    [podToml("[llm]\ncontext = 0"), /^7 llm\.context: 0, a whole number from 1/],
    [podToml("[llm]\nkeep_alive = true"), /^7 llm\.keep_alive: true, a duration/],
    [podToml("[limits]\nqueue = 1.5"), /^7 limits\.queue: 1\.5, a whole number from 0/],
    [podToml("[[tools]]\nname = 'a b'\ndescription = 'x'"), /^7 tools\[0\]\.name: "a b", 1 to 64/],
    [podToml("[tools]\nname = 'a'"), /^6 tools: a table, \[\[tools\]\] tables/],
    [podToml("[[capabilities]]\nname = 'x'\nrisk = 'huge'"), /^8 capabilities\[0\]\.risk: "huge"/],
    [podToml("[ui]\naccent = 'red;color:blue'"), /^7 ui\.accent: "red;color:blue", a CSS colour/],
    [podToml("[ui]\nentry = '../x.js'"), /^7 ui\.entry: "\.\.\/x\.js", the path of a \.js file/],
    [podToml("[ui]\nstarters = ['a', '']"), /^7 ui\.starters\[1\]: "", text/],
    [
      podToml("[events]\non_run_started = [{ name = 'x', value = 1979-05-27 }]"),
      /^7 events\.on_run_started\[0\]\.value: a date, a value that JSON has/,
    ],
    [
      podToml("[events]\non_run_started = [{ name = 'x', value = nan }]"),
      /^7 events\.on_run_started\[0\]\.value: NaN, a value that JSON has/,
    ],
    ['name = "x"\nsystem_prompt = "x"', /^1 transport: nothing, a table with at least one of/],
    [
      'name = "x"\nsystem_prompt = "x"\n[transport]',
      /^3 transport: no transport, at least one of/,
    ],
    [
      'name = "日本"\nsystem_prompt = "x"\n[transport.fallback]',
      /^1 id: nothing, an id of A-Z/,
    ],
    ['id = "a b"\n' + podToml(), /^1 id: "a b", 1 to 128 of/],
  ];
  for (const [toml, expected] of cases) assert.match(mistakeOf(toml), expected);
});

Deno.test("parsePodToml() shows a long or hostile value short and on one line", () => {
  const [issue] = mistakesOf(`${podToml("[owner]")}\npubkey = "${"x".repeat(500)}"`);
  assert(issue !== undefined && issue.found.length < 60);
  const [hostile] = mistakesOf(podToml('[owner]\npubkey = "\\u001b[31m\\nroot@host"'));
  assert.equal(hostile?.found, '"\\u001b[31m\\nroot@host"');
});

Deno.test("parsePodToml() warns of a key that nobody reads, and says what was probably meant", () => {
  const { warnings } = parsePodToml(podToml(`signal_uri = "x"
[llm]
api_key = "secret"
[ui]
temperature = 1
[[tools]]
name = "a"
description = "b"
descripton = "c"
["odd key"]
[events]
on_run_started = [{ name = "a", value = { anything = { goes = 1 } } }]
`));
  assert.deepEqual(
    warnings.map(({ line, key, hint }) => [line, key, hint]),
    [
      [6, "transport.dartc.signal_uri", "did you mean signal_url?"],
      [8, "llm.api_key", undefined],
      [10, "ui.temperature", "temperature belongs under [llm]"],
      [14, "tools[0].descripton", "did you mean description?"],
      [15, '"odd key"', undefined],
    ],
  );
  assert(warnings.every(({ message }) => !message.includes("secret")));
});

Deno.test("parsePodToml() reads the old name of transport.dartc, and webrtc in preferred", () => {
  const { pod, warnings } = parsePodToml(`name = "x"
system_prompt = "y"
[transport]
preferred = ["webrtc", "dartc", "fallback"]
[transport.webrtc]
pod_id = "old"
`);
  assert.deepEqual(warnings, []);
  assert.equal(pod.id, "old");
  assert.deepEqual(pod.transport.preferred, ["dartc", "fallback"]);
  assert.equal(pod.transport.dartc?.pod_id, "old");
  assert.equal("webrtc" in pod.transport, false);
});

Deno.test("parsePodToml() reads a file that begins with a byte order mark", () => {
  assert.equal(parsePodToml(`\ufeff${podToml()}`).pod.name, "Hello");
});

Deno.test("parsePodToml() refuses a text that is far too long without reading it", () => {
  assert.match(mistakeOf("#".repeat(300_000)), /^1 : 300000 characters, at most/);
});

Deno.test("a pod without an id is named by its pod_id, else by a slug of its name", () => {
  const named = (more: string) =>
    parsePodToml(`name = "Zoë's Café"\nsystem_prompt = "x"\n${more}`).pod.id;
  assert.equal(named("[transport.fallback]"), "zoes-cafe");
  assert.equal(named('[transport.dartc]\npod_id = "A_1"'), "A_1");
});

Deno.test("slugOf() makes an id of any name, or nothing", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (name) => {
    const slug = slugOf(name);
    assert(slug === "" || (isPodId(slug) && slug.length <= 64), slug);
  }));
});

Deno.test("unsupportedPromises() names what this release cannot keep, and nothing else", () => {
  const promises = (more: string) =>
    unsupportedPromises(parsePodToml(podToml(more)).pod).map(({ key }) => key);
  assert.deepEqual(promises(""), []);
  assert.deepEqual(promises("require_proof = false\nrelay = false"), []);
  assert.deepEqual(promises("require_proof = true\nrelay = true"), [
    "transport.dartc.require_proof",
    "transport.dartc.relay",
  ]);
});

Deno.test("manifestFromPodToml() keeps at home what is the owner's business", () => {
  const { pod } = parsePodToml(podToml(`[llm]
provider_url = "http://10.0.0.7:1234"
temperature = 0.25
[limits]
queue = 77
[owner]
pubkey = "${OWNER}"
`));
  const text = new TextDecoder().decode(encodeManifest(manifestFromPodToml(pod, OWNER)));
  for (const secret of ["10.0.0.7", "temperature", "limits", "llm"]) {
    assert(!text.includes(secret), secret);
  }
});

Deno.test("manifestFromPodToml() wants the hash of a pod's own script", () => {
  const { pod } = parsePodToml(podToml('[ui]\nentry = "ui.js"'));
  assert.throws(() => manifestFromPodToml(pod, OWNER), TypeError);
});

Deno.test("parsePodToml() reads every text that TOML can carry as it stands", () => {
  const text = fc.string({ unit: "binary", minLength: 1, maxLength: 40 })
    .map((value) => value.toWellFormed()).filter((value) => value.trim() !== "");
  fc.assert(fc.property(text, text, (name, prompt) => {
    const toml = `id = "x"\nname = ${quoted(name)}\nsystem_prompt = ${quoted(prompt)}\n` +
      "[transport.fallback]\n";
    const { pod } = parsePodToml(toml);
    assert.equal(pod.name, name);
    assert.equal(pod.system_prompt, prompt);
  }));
});

Deno.test("parsePodToml() takes any text, and throws nothing but its own error", () => {
  const words = [
    "name",
    "tools",
    "[",
    "]",
    "=",
    '"',
    "'",
    "\n",
    "1",
    "{",
    "}",
    ".",
    ",",
    "__proto__",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 30 }), (parts) => {
      try {
        parsePodToml(parts.join(""));
      } catch (error) {
        assert(error instanceof PodTomlError, String(error));
        assert(error.issues.length > 0);
      }
    }),
    { numRuns: Number(Deno.env.get("FUZZ_RUNS") ?? 500) },
  );
});

function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}
