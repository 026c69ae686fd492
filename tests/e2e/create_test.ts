import assert from "node:assert/strict";
import { join } from "node:path";
import { createLogger } from "../../src/base/mod.ts";
import { startBroker } from "../../src/signal/mod.ts";
import { FROM_SOURCE } from "./chain.ts";
import { type CommandPlace, commandPlace } from "./command_place.ts";
import { startModelEndpoint } from "./model_endpoint.ts";
import { NativeVisitor } from "./native_visitor.ts";
import { startOllama } from "./ollama_endpoint.ts";
import { startInTerminal } from "./terminal.ts";

const DOWN = "\x1b[B";
const ENTER = "\r";
const ESCAPE = "\x1b";
const CTRL_C = "\x03";
const CTRL_D = "\x04";

/** What changes the colour, and not where the cursor is. */
// deno-lint-ignore no-control-regex -- escape sequences are what is looked for
const COLOUR = /\x1b\[[0-9;]*m/;

/** `gemmapod create` before a person. */
function createInTerminal(place: CommandPlace, args: string[], env: Record<string, string> = {}) {
  return startInTerminal([...FROM_SOURCE.gemmapod, "create", ...args], {
    ...place.options,
    env: { ...place.options.env, GEMMAPOD_PORT: "0", ...env },
  });
}

function brokerUrl({ signalUrl }: CommandPlace): string {
  return signalUrl.replace(/\/signal$/, "");
}

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}

Deno.test("create asks, is left in the middle, goes on there, and ends with a pod that answers", async () => {
  await using place = await commandPlace();
  await using model = await startModelEndpoint({ script: { tokens: ["Hello ", "from Ada."] } });
  const barSeen = Promise.withResolvers<void>();
  // A download that is over in a moment shows no bar: this one waits before its last quarter.
  const pace = (index: number) => index === 5 ? barSeen.promise : undefined;
  await using ollama = startOllama({ chatUrl: model.url, pace });
  const env = { OLLAMA_URL: ollama.url, GEMMAPOD_API_KEY: "sk-secret" };
  {
    await using first = createInTerminal(place, [], env);
    await first.line(/What is the pod called\?/);
    await first.type(`Ada's card${ENTER}`);
    await first.line(/What does it do\?/);
    await first.type(ENTER); // card stands there
    await first.line(/No model was found/);
    await first.type(ENTER); // the first offer is a download
    await first.seen(/pulling gemma4:e4b {2}[█░]{24} +\d+ % {2}.* of 4\.0 MB/);
    barSeen.resolve();
    await first.line(/gemma4:e4b is there\./);
    await first.line(/Where do visitors find it\?/);
    await first.type(DOWN + ENTER);
    await first.line(/Its address\?/);
    await first.type(brokerUrl(place) + ENTER);
    await first.line(/Which folder is it made in\?/);
    await first.type(CTRL_C);
    await first.line(/Left\. `gemmapod create` goes on from here\./);
    assert.equal((await first.status).code, 1);
    assert(!first.lines.some((line) => COLOUR.test(line)), "NO_COLOR was set");
  }
  assert.deepEqual(ollama.pulled, ["gemma4:e4b"]);
  const draft = join(place.home, "create.json");
  assert.equal(await modeOf(draft), 0o600);
  assert(!(await Deno.readTextFile(draft)).includes("sk-secret"));
  const made = join(place.folder, "adas-card");
  await assert.rejects(Deno.stat(made), Deno.errors.NotFound);

  {
    await using second = createInTerminal(place, [], env);
    await second.line(/You have begun Ada's card\. Go on with it\?/);
    await second.type(ENTER);
    await second.line(/model: gemma4:e4b/);
    await second.line(/Which folder is it made in\?/);
    await second.type(ENTER);
    await second.line(/Which key signs it\?/);
    await second.type(ENTER);
    await second.line(/How does it run\?/);
    await second.type(ENTER); // in the background
    const [, url = ""] = await second.line(/Ada's card is at (http:\/\/\S+)/);
    assert.equal((await second.status).code, 0);
    assert(!second.lines.some((line) => line.includes("What is the pod called?")));

    const page = await fetch(url);
    assert.equal(page.headers.get("content-type")?.split(";")[0], "text/html");
    assert((await page.text()).includes("__GEMMAPOD_MANIFEST_B64"));
  }
  await assert.rejects(Deno.stat(draft), Deno.errors.NotFound);
  assert.equal(await modeOf(join(made, "owner.key")), 0o600);

  const list = await place.call(["list", "--json"]);
  const [{ id: podId }] = JSON.parse(list.said).pods;
  await using visitor = await NativeVisitor.visit({ signalUrl: place.signalUrl, podId });
  assert.equal((await visitor.ask("Who are you?")).text, "Hello from Ada.");
  assert.equal((await model.request(0)).body.model, "gemma4:e4b");
});

Deno.test("create goes on after a broker that was away, and Escape or Ctrl-D leaves it", async () => {
  await using place = await commandPlace();
  const quiet = createLogger({ name: "signal", write: () => {} });
  let port: number;
  {
    await using away = await startBroker({ port: 0, log: quiet });
    ({ port } = away);
  }
  const flags = ["--name", "Shop", "--template", "order-taking", "--dir", "shop"]
    .concat("--provider", "demo", "--broker", `http://127.0.0.1:${port}`, "--no-run");
  {
    await using first = createInTerminal(place, flags);
    await first.line(/Which key signs it\?/);
    await first.type(ENTER);
    await first.line(/Cannot reach the broker/);
    await first.line(/`gemmapod create` goes on from here\./);
    assert.equal((await first.status).code, 1);
  }
  await Deno.stat(join(place.folder, "shop", "pod.toml"));
  for (const key of [ESCAPE, CTRL_D]) {
    await using left = createInTerminal(place, []);
    await left.line(/You have begun Shop/);
    await left.type(key);
    await left.line(/Left\./);
    assert.equal((await left.status).code, 1);
  }
  await using _broker = await startBroker({ port, log: quiet });
  await using second = createInTerminal(place, []);
  await second.line(/You have begun Shop/);
  await second.type(ENTER);
  await second.line(/Shop is at http:\/\/127\.0\.0\.1:\d+\//);
  await second.line(/run it with `gemmapod run .*shop`/);
  assert.equal((await second.status).code, 0);
  assert.equal((await place.call(["status"])).code, 1, "it was not to run yet");
});

Deno.test("create begins another pod where a person wants that, with an owner's key, in colour", async () => {
  await using place = await commandPlace();
  await place.json("init", "first", "--name", "First");
  const { publicKey } = JSON.parse(await Deno.readTextFile(join(place.folder, "first/owner.key")));
  await Deno.mkdir(place.home, { recursive: true });
  await Deno.writeTextFile(
    join(place.home, "create.json"),
    JSON.stringify({ version: 1, answers: { name: "Old" } }),
  );
  const { NO_COLOR: _, ...env } = place.options.env ?? {};
  const argv = [...FROM_SOURCE.gemmapod, "create", "--provider", "demo", "--no-run"];
  await using terminal = startInTerminal([...argv, "--broker", brokerUrl(place)], {
    ...place.options,
    env,
  });
  await terminal.line(/You have begun Old/);
  await terminal.type(DOWN + ENTER);
  await terminal.line(/What is the pod called\?/);
  await terminal.type(ENTER);
  await terminal.line(/Write a name/);
  await terminal.type(`Second${ENTER}`);
  await terminal.line(/What does it do\?/);
  await terminal.type(ENTER);
  await terminal.line(/Which folder/);
  await terminal.type(`\x15first${ENTER}`); // the line is emptied first
  await terminal.line(/A pod is there already\./);
  await terminal.type(`\x15second${ENTER}`);
  await terminal.line(/Which key signs it\?/);
  await terminal.type(DOWN + ENTER);
  await terminal.line(/Where is it\?/);
  await terminal.type(`first/owner.key${ENTER}`);
  await terminal.line(/Second is at/);
  assert.equal((await terminal.status).code, 0);
  assert(terminal.lines.some((line) => COLOUR.test(line)));
  const copied = JSON.parse(await Deno.readTextFile(join(place.folder, "second/owner.key")));
  assert.equal(copied.publicKey, publicKey);
});

Deno.test("create does all of it without a terminal, by flags, and prints JSON", async () => {
  await using place = await commandPlace();
  await using ollama = startOllama({ models: ["llama4", "gemma4:e2b"] });
  const made = await place.call([
    ...["create", "--name", "Help desk", "--template", "support", "--dir", "desk", "--json"],
    ...["--model", "gemma4:e4b", "--pull", "--provider-url", ollama.url],
    ...["--broker", brokerUrl(place), "--detach"],
  ], { GEMMAPOD_PORT: "0" });
  assert.equal(made.code, 0, made.said);
  const said = JSON.parse(made.said);
  assert.deepEqual(ollama.pulled, ["gemma4:e4b"]);
  const { name, template, model, host } = said;
  assert.deepEqual([name, template, model], ["Help desk", "support", "gemma4:e4b"]);
  assert.equal((await fetch(said.url)).status, 200);
  const status = JSON.parse((await place.call(["status", "--json"])).said);
  assert.equal(status.pid, host.pid);
  assert.deepEqual(
    [status.pods[0].id, status.pods[0].signalState, status.pods[0].model],
    [said.podId, "connected", "gemma4:e4b"],
  );
  const toml = await Deno.readTextFile(join(place.folder, "desk", "pod.toml"));
  assert(toml.includes(`provider_url = "${ollama.url}"`));

  const again = await place.call(["create", "--name", "Help desk", "--dir", "desk", "--yes"], {
    OLLAMA_URL: ollama.url,
  });
  assert.equal(again.code, 1);
  assert.match(again.said, /error: Cannot make a pod: .*pod\.toml is there already/);
});

Deno.test("create --yes needs a name alone, and serves the pod here until it is stopped", async () => {
  await using place = await commandPlace();
  await using model = await startModelEndpoint({ models: ["nomic-embed-text", "test-model"] });
  const env = { ...place.options.env, GEMMAPOD_PORT: "0", OLLAMA_URL: model.url };
  // Without a shell in between, which would take Ctrl-C for its own.
  const argv = ["exec", ...FROM_SOURCE.gemmapod, "create", "--name", "Ada", "--yes"];
  await using here = startInTerminal([...argv, "--broker", brokerUrl(place)], {
    ...place.options,
    env,
  });
  await here.line(/Ada is at http:\/\//);
  await here.line(/it runs here; Ctrl-C ends it/);
  const [, podId = ""] = await here.line(/registered for pod (ada-[0-9a-f]{6})/);
  await using visitor = await NativeVisitor.visit({ signalUrl: place.signalUrl, podId });
  assert.equal((await visitor.ask("Hello?")).text, "Hello from the endpoint.");
  assert.equal((await model.request(0)).body.model, "test-model");
  await here.type(CTRL_C);
  assert.equal((await here.status).code, 0);
});

Deno.test("a download is left by Ctrl-C, and it is said what becomes of it", async () => {
  await using place = await commandPlace();
  const never = Promise.withResolvers<void>();
  const pace = (index: number) => index === 3 ? never.promise : undefined;
  await using ollama = startOllama({ pace });
  const argv = ["exec", ...FROM_SOURCE.gemmapod, "create", "--name", "X", "--yes", "--pull"];
  await using called = startInTerminal(
    [...argv, "--model", "gemma4:e4b", "--provider-url", ollama.url],
    place.options,
  );
  await called.seen(/pulling gemma4:e4b {2}[█░]{24} +25 %/);
  await called.type(CTRL_C);
  assert.equal((await called.status).code, 1);
  never.resolve();
  assert.match(
    called.lines.join("\n"),
    /error: gemma4:e4b is not there yet; the next download goes on/,
  );
  assert(!(await Array.fromAsync(Deno.readDir(place.folder))).some(({ name }) => name === "x"));
});

Deno.test("create says which flags are missing where nobody can be asked", async () => {
  await using place = await commandPlace();
  const none = await place.call(["create"]);
  assert.equal(none.code, 2);
  assert.match(
    none.said,
    /--name, --template, --dir, --model \(or --provider demo\), --broker are/,
  );
  const one = await place.call(["create", "--yes"]);
  assert.equal(one.code, 2);
  assert.match(one.said, /^error: Cannot ask here: --name is missing$/m);
  const wrong = await place.call(["create", "--template", "cards"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.said, /Allowed choices are blank, card, order-taking, support/);

  await using nobody = await startModelEndpoint();
  await nobody.stop();
  const modelless = await place.call(["create", "--name", "X", "--yes"], {
    OLLAMA_URL: nobody.url,
  });
  assert.equal(modelless.code, 1);
  assert.match(modelless.said, /There is no model at .*: nothing answers there/);
  const secret = await place.call([
    ...["create", "--name", "X", "--yes", "--provider-url", "http://me:hidden@localhost:1"],
  ]);
  assert.equal(secret.code, 2);
  assert(!secret.said.includes("hidden"));
  assert.deepEqual(await Array.fromAsync(Deno.readDir(place.folder)), []);
  const unreachable = await place.call([
    ...["create", "--name", "Y", "--yes", "--provider", "demo", "--no-run", "--broker", nobody.url],
  ]);
  assert.equal(unreachable.code, 1);
  assert.match(unreachable.said, /Cannot reach the broker/);
  assert.match(unreachable.said, /The pod is made in \S+\/y: `gemmapod deploy`/);
  const help = await place.call(["create", "--help"]);
  assert.equal(help.code, 0);
  assert.match(help.said, /Examples:\n {2}gemmapod create\n/);
});
