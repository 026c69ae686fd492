import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { type CommandPlace, commandPlace } from "./command_place.ts";
import { eventually } from "./eventually.ts";
import { startModelEndpoint } from "./model_endpoint.ts";
import { startOllama } from "./ollama_endpoint.ts";
import { startStunResponder } from "./stun_responder.ts";

const report = z.object({
  ok: z.boolean(),
  findings: z.array(z.strictObject({
    check: z.string(),
    status: z.enum(["good", "warn", "bad"]),
    found: z.string().min(1),
    todo: z.string().min(1).optional(),
  })),
});

/** Gemma as Ollama shows it. */
const SHOWN = {
  model_info: { "general.architecture": "gemma4", "gemma4.context_length": 131_072 },
  parameters: 'stop "<end_of_turn>"\nnum_ctx 8192',
  capabilities: ["completion", "tools"],
};

/** Runs `doctor --json` and returns its exit code and what it found of each. */
async function examine(place: CommandPlace, ...args: string[]) {
  const { code, said } = await place.call(["doctor", "--json", ...args]);
  const { ok, findings } = report.parse(JSON.parse(said));
  assert.equal(code, ok ? 0 : 1);
  for (const { status, check, todo } of findings) {
    if (status !== "good") assert(todo !== undefined, `${check} says what to do`);
  }
  return {
    ok,
    of: (check: string) => findings.filter((finding) => finding.check === check),
    /** Its worst status. */
    status: (check: string) => {
      const found = findings.filter((finding) => finding.check === check);
      return ["bad", "warn", "good"].find((status) => found.some((one) => one.status === status));
    },
  };
}

Deno.test("doctor finds nothing to mend where all is well, and says so", async () => {
  await using place = await commandPlace();
  await using ollama = startOllama({ models: ["gemma4:e4b"], show: SHOWN });
  await using stun = await startStunResponder();
  const args = [
    "--provider-url",
    ollama.url,
    "--broker",
    place.signalUrl,
    "--ice-servers",
    JSON.stringify([{ urls: stun.url }]),
  ];
  const { ok, of, status } = await examine(place, ...args);
  assert(ok);
  for (
    const check of ["version", "model", "context", "broker", "clock", "stun", "host", "ports"]
      .concat("files", "database", "disk")
  ) {
    assert.equal(status(check), "good", `${check}: ${JSON.stringify(of(check))}`);
  }
  assert.match(of("model")[0]?.found ?? "", /^gemma4:e4b at http:\/\/127\.0\.0\.1:\d+$/);
  assert.match(of("context")[0]?.found ?? "", /4096 tokens.*131072/);
  assert.match(of("stun")[0]?.found ?? "", /sees 127\.0\.0\.1:\d+/);
  assert(stun.asked.length > 0);

  const { code, said } = await place.call(["doctor", ...args]);
  assert.equal(code, 0);
  assert.match(said, /^this machine is ready$/m);
  assert(!said.includes("\x1b["), "no colours in a pipe");
});

Deno.test("doctor says what to mend of model, broker and STUN, and fails", async () => {
  await using place = await commandPlace();
  await using stun = await startStunResponder({ silent: true });
  await using nobody = await startModelEndpoint();
  await nobody.stop();
  const { ok, of } = await examine(
    place,
    "--provider-url",
    nobody.url,
    "--broker",
    `ws://127.0.0.1:${nobody.port}/signal`,
    "--ice-servers",
    JSON.stringify([{ urls: stun.url }, { urls: "stun:nowhere.invalid" }]),
  );
  assert(!ok);
  const [model, broker, clock, first] = ["model", "broker", "clock", "stun"].map((check) =>
    of(check)[0]
  );
  assert.match(model?.found ?? "", /nothing answers there/);
  assert.match(model?.todo ?? "", /ollama serve/);
  assert.match(broker?.found ?? "", /cannot be reached/);
  assert.equal(clock?.status, "warn");
  assert.match(first?.found ?? "", /it does not answer; nowhere\.invalid:3478: its name/);
});

Deno.test("doctor takes another server for a broker as what it is", async () => {
  await using place = await commandPlace();
  await using endpoint = await startModelEndpoint();
  const { of } = await examine(place, "--provider-url", endpoint.url, "--broker", endpoint.url);
  assert.match(of("broker")[0]?.found ?? "", /answers 404, and not as a broker does/);
});

Deno.test("doctor tells of a network that hides addresses from visitors", async () => {
  await using place = await commandPlace();
  await using endpoint = await startModelEndpoint();
  await using one = await startStunResponder({ says: { address: "203.0.113.7", port: 4_001 } });
  await using two = await startStunResponder({ says: { address: "203.0.113.7", port: 4_002 } });
  await using silent = await startStunResponder({ silent: true });
  const servers = JSON.stringify([{ urls: [one.url, two.url] }, { urls: silent.url }]);
  const { ok, of } = await examine(
    place,
    ...["--provider-url", endpoint.url, "--broker", place.signalUrl, "--ice-servers", servers],
  );
  assert(ok, "it works for most visitors");
  const [hidden, quiet] = of("stun");
  assert.match(hidden?.found ?? "", /203\.0\.113\.7:4001, 203\.0\.113\.7:4002/);
  assert.match(hidden?.todo ?? "", /TURN/);
  assert.match(quiet?.found ?? "", /it does not answer/);
});

Deno.test("doctor compares what the pods need with what Ollama has", async () => {
  await using place = await commandPlace();
  await using ollama = startOllama({
    models: ["nomic-embed-text", "tiny:latest", "gemma4:e2b"],
    show: { ...SHOWN, capabilities: ["completion"] },
  });
  const pod = (id: string, model: string, more: string) =>
    place.writePod(
      id,
      `name = "${id}"\nsystem_prompt = "Be brief."\nmodel = "${model}"\n${more}
[transport.dartc]\nsignal_url = "${place.signalUrl}"\npod_id = "${id}"\n`,
    );
  const tool = '[[tools]]\nname = "share_contact"\ndescription = "Share it."\n';
  await pod("long", "tiny", `${tool}[llm]\ncontext = 16384\n`);
  await pod("absent", "gemma4:e4b", "");
  for (const id of ["long", "absent"]) await place.json("link", id);

  const { ok, of, status } = await examine(place, "--provider-url", ollama.url);
  assert(!ok);
  const models = of("model").map(({ status, found }) => `${status} ${found.split(" at ")[0]}`);
  assert.deepEqual(models.sort(), ["bad gemma4:e4b is not", "good tiny"]);
  assert.match(of("model").map(({ found }) => found).join(), /did you mean gemma4:e2b\?/);
  assert.match(of("model").map(({ todo }) => todo).join(), /ollama pull gemma4:e4b/);
  assert.match(of("context")[0]?.found ?? "", /takes 8192 tokens, and a pod gives it up to 16384/);
  assert.equal(status("tools"), "warn");
  assert.equal(status("stun"), "good", "with a broker on loopback nobody needs STUN");
  assert.equal(of("broker").length, 1, "both pods have the same");
});

Deno.test("doctor finds key files that others can read, a file that a Host left, and a broken database", async () => {
  await using place = await commandPlace();
  await using endpoint = await startModelEndpoint();
  const dir = await place.writePod("test-pod");
  await place.json("keygen", dir);
  await place.json("link", dir);
  const args = ["--provider-url", endpoint.url, "--model", "test-model"];
  assert((await examine(place, ...args)).ok);

  await Deno.chmod(join(dir, "owner.key"), 0o644);
  await Deno.chmod(place.home, 0o755);
  await Deno.writeTextFile(
    join(place.home, "host.json"),
    JSON.stringify({ pid: 1, port: 1, token: "t", version: "0.0.0", startedAt: "then" }),
    { mode: 0o600 },
  );
  await Deno.writeTextFile(join(place.home, "host.sqlite"), "no database at all, and long", {
    mode: 0o600,
  });
  const { ok, of, status } = await examine(place, ...args);
  assert(!ok);
  assert.deepEqual(of("files").map(({ todo }) => todo).sort(), [
    `chmod 600 ${join(dir, "owner.key")}`,
    `chmod 700 ${place.home}`,
  ]);
  assert.equal(status("host"), "warn");
  assert.match(of("host")[0]?.found ?? "", /host\.json is of one that did not stop by itself/);
  assert.equal(status("database"), "bad");

  await Deno.remove(dir, { recursive: true });
  assert.match((await examine(place, ...args)).of("files").at(-1)?.found ?? "", /cannot be served/);
});

Deno.test("doctor knows the Host that runs, its port and its database", async () => {
  await using place = await commandPlace();
  await using endpoint = await startModelEndpoint();
  const dir = await place.writePod("test-pod");
  await place.json("run", dir, "-d", "--once", "--port", "0", "--provider-url", endpoint.url);
  await eventually("a database", async () => {
    return (await Array.fromAsync(Deno.readDir(place.home))).some(({ name }) =>
      name === "host.sqlite"
    );
  });
  const { ok, of } = await examine(
    place,
    "--provider-url",
    endpoint.url,
    "--broker",
    place.signalUrl,
  );
  assert(ok);
  assert.match(of("host")[0]?.found ?? "", /^process \d+ serves 1 pod$/);
  assert.match(of("ports")[0]?.found ?? "", /^the Host has port \d+$/);
  assert.match(of("database")[0]?.found ?? "", /host\.sqlite holds/);
});

Deno.test("doctor misses no model where the Host that runs answers with the demo, and says what it is", async () => {
  await using place = await commandPlace();
  await using nobody = startModelEndpoint();
  await nobody.stop();
  const env = { OLLAMA_URL: nobody.url };
  await place.json("start", "-d", "--port", "0", "--provider", "demo");
  const broker = ["--broker", place.signalUrl];
  const demo = await place.call(["doctor", ...broker], env);
  assert.equal(demo.code, 0, demo.said);
  assert.match(demo.said, /^warn {2}model +the Host that runs answers with the built-in demo/m);
  assert.match(
    demo.said,
    /^ +→ nothing, to try things out; for a model, .* without --provider demo$/m,
  );
  assert.match(demo.said, /^this machine is ready$/m);

  // Who names an endpoint wants to know of that one.
  const named = await examine(place, ...broker, "--provider-url", nobody.url);
  assert(!named.ok);
  assert.match(named.of("model")[0]?.found ?? "", /nothing answers there/);
  await place.json("stop");
  assert.equal((await place.call(["doctor", ...broker], env)).code, 1, "nobody answers now");
});

Deno.test("doctor looks at everything where the environment is wrong, and says what no Host starts with", async () => {
  await using place = await commandPlace();
  const { code, said } = await place.call(["doctor", "--broker", place.signalUrl, "--json"], {
    GEMMAPOD_PORT: "abc",
    OLLAMA_URL: "ht!tp:",
    GEMMAPOD_ICE_SERVERS: '[{"urls":"turn:a","credential":"hidden"}]',
    OWNER_PUBKEY: "zz",
  });
  assert.equal(code, 1);
  const { findings } = report.parse(JSON.parse(said));
  const wrong = findings.filter(({ check }) => check === "settings").map(({ found }) => found);
  assert.deepEqual(wrong.map((found) => found.split(":")[0]), [
    "GEMMAPOD_PORT",
    "OLLAMA_URL",
    "GEMMAPOD_ICE_SERVERS",
    "OWNER_PUBKEY",
  ]);
  assert(!said.includes("hidden"));
  for (const check of ["version", "model", "broker", "host", "ports", "files", "disk"]) {
    assert(findings.some((finding) => finding.check === check), check);
  }
});

Deno.test("doctor --help has an example, and a wrong call is exit code 2", async () => {
  await using place = await commandPlace();
  const help = await place.call(["doctor", "--help"]);
  assert.equal(help.code, 0);
  assert.match(help.said, /Examples:\n {2}gemmapod doctor\n/);
  const wrong = await place.call(["doctor", "--jsno"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.said, /Did you mean --json\?/);
});
