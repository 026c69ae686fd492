import assert from "node:assert/strict";
import { join } from "node:path";
import { createLogger } from "../../../src/base/mod.ts";
import { startBroker } from "../../../src/signal/mod.ts";
import { backgroundHostOf } from "../background_host.ts";
import { eventually } from "../eventually.ts";
import { startModelEndpoint } from "../model_endpoint.ts";
import { run, start } from "../processes.ts";
import { tempFolder } from "../temp_folder.ts";
import { endService, writeSystemctl } from "../systemctl_stand_in.ts";
import { commandCases } from "./command_cases.ts";
import { assertAllSeen, check } from "./command_check.ts";
import { commandTree } from "./command_tree.ts";
import { compiledPrograms } from "./compiled_programs.ts";

Deno.test("every command has a --help with an example, and refuses what it does not know with 2", async () => {
  await using folder = await tempFolder("bin-help");
  const at = { cwd: folder.path, env: { HOME: folder.path, PATH: "" } };
  for (const program of Object.values(await compiledPrograms())) {
    assert.match(await run([...program, "--version"], at), /^\d+\.\d+\.\d+$/);
    for (const { words, help } of await commandTree(program, at)) {
      const name = words.join(" ");
      assert.match(help, /^Usage: gemmapod/, name);
      assert.match(help, /^Examples?:\n {2}gemmapod/m, name);
      await using wrong = start([...program, ...words, "--no-such-flag"], at);
      assert.equal((await wrong.status).code, 2, `${name}\n${wrong.lines.join("\n")}`);
      assert.match(wrong.lines.join("\n"), /^error: unknown/m, name);
    }
  }
});

Deno.test("every command succeeds, fails, and prints JSON, from an empty PATH", async () => {
  const { gemmapod } = await compiledPrograms();
  await using folder = await tempFolder("bin-commands");
  await using model = startModelEndpoint();
  const log = createLogger({ name: "signal", write: () => {} });
  await using broker = await startBroker({ port: 0, limits: "off", log });
  const env = {
    HOME: join(folder.path, "home"),
    PATH: "",
    GEMMAPOD_ICE_SERVERS: "[]",
    OLLAMA_URL: model.url,
  };
  await using _host = backgroundHostOf(join(env.HOME, ".gemmapod"));
  await using started = new AsyncDisposableStack();
  started.defer(() => endService(env.HOME));
  const at = (...names: string[]) => join(folder.path, ...names);
  await Deno.writeTextFile(at("broken.html"), "<p>No page of a pod.</p>");
  for (const name of ["bin", "broken-home"]) await Deno.mkdir(at(name));
  await writeSystemctl(at("bin"));
  await Deno.writeTextFile(at("broken-home", "agents.json"), "{");
  const cases = commandCases({
    brokerUrl: broker.url,
    modelUrl: model.url,
    nowhere: "http://127.0.0.1:9",
    systemctl: at("bin"),
    brokenHome: at("broken-home"),
    takenPort: `${broker.port}`,
    chat: () => chat(join(env.HOME, ".gemmapod", "host.json")),
  });
  for (const one of cases) await check(gemmapod, one, { cwd: folder.path, env });
  assertAllSeen(await commandTree(gemmapod, { env }), cases);
});

/** Asks the pod by the API, as the dashboard does, and waits until its answer is kept. */
async function chat(discovery: string): Promise<void> {
  const { port, token } = JSON.parse(await Deno.readTextFile(discovery));
  const pod = `http://127.0.0.1:${port}/api/v1/pods/pod`;
  const headers = { "x-gemmapod-token": token, "content-type": "application/json" };
  const body = JSON.stringify({ message: "Are you there?" });
  await (await fetch(`${pod}/chat`, { method: "POST", headers, body })).body?.cancel();
  await eventually("an answer that is kept", async () => {
    const { conversations } = await (await fetch(`${pod}/conversations`, { headers })).json();
    return conversations[0]?.messages === 2;
  });
}
