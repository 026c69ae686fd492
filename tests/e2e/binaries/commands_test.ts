import assert from "node:assert/strict";
import { join } from "node:path";
import { createLogger } from "../../../src/base/mod.ts";
import { startBroker } from "../../../src/signal/mod.ts";
import { eventually } from "../eventually.ts";
import { startModelEndpoint } from "../model_endpoint.ts";
import { run, start } from "../processes.ts";
import { tempFolder } from "../temp_folder.ts";
import { type CommandCase, commandCases } from "./command_cases.ts";
import { commandTree, type HelpedCommand } from "./command_tree.ts";
import { compiledPrograms } from "./compiled_programs.ts";

/** Commands that hold others, and those that a test machine has no way to succeed with. */
const NO_SUCCESS = ["memory", "service", "service status"];

/** Whether a case calls this command. */
function calls({ args }: CommandCase, { words }: HelpedCommand): boolean {
  return words.every((word, index) => args[index] === word);
}

/** What `--json` prints: one value, or one a line. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.trim().split("\n").map((line) => JSON.parse(line));
  }
}

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
  await Deno.writeTextFile(join(folder.path, "broken.html"), "<p>No page of a pod.</p>");
  const cases = commandCases({
    brokerUrl: broker.url,
    modelUrl: model.url,
    nowhere: "http://127.0.0.1:9",
    takenPort: `${broker.port}`,
    chat: () => chat(join(env.HOME, ".gemmapod", "host.json")),
  });
  try {
    for (const one of cases) await check(gemmapod, one, { cwd: folder.path, env });
  } finally {
    await using killed = start([...gemmapod, "kill"], { cwd: folder.path, env });
    await killed.status; // fails where all went well
  }

  const tree = (await commandTree(gemmapod, { env })).filter(({ words }) => words.length > 0);
  for (const command of tree) {
    const name = command.words.join(" ");
    const own = cases.filter((one) => calls(one, command));
    assert.ok(own.some(({ code }) => code !== 0) || name === "list", `${name} is seen to fail`);
    if (NO_SUCCESS.includes(name)) continue;
    assert.ok(own.some(({ code }) => code === 0), `${name} is seen to succeed`);
    if (!/^ {2}--json /m.test(command.help) || name === "run" || name === "start") continue;
    assert.ok(own.some(({ args }) => args.includes("--json")), `${name} is asked for JSON`);
  }
});

Deno.test("the broker serves, and says why it can't", async () => {
  const { signal } = await compiledPrograms();
  await using folder = await tempFolder("bin-broker");
  const at = { cwd: folder.path, env: { HOME: folder.path, PATH: "" } };
  await using broker = start([...signal, "--port", "0", "--data-dir", "data"], at);
  const [, url = ""] = await broker.line(/listening on (\S+)/);
  assert.equal((await (await fetch(`${url}/health`)).json()).ok, true);
  await using second = start([...signal, "--port", new URL(url).port], at);
  assert.equal((await second.status).code, 1);
  assert.match(second.lines.join("\n"), /error: /);
  broker.kill("SIGTERM");
  assert.equal((await broker.status).code, 0);
});

/** Runs a case and holds what came of it against what must. */
async function check(
  program: readonly string[],
  { args, code, says, env, serves, soon, first }: CommandCase,
  at: { cwd: string; env: Record<string, string> },
): Promise<void> {
  await first?.();
  const name = args.join(" ");
  const argv = [...program, ...args];
  const options = { ...at, env: { ...at.env, ...env } };
  if (serves) {
    await using running = start(argv, options);
    await running.line(says);
    return;
  }
  let ended = await called(argv, options);
  if (soon) {
    await eventually(`${name}: ${says}`, async () => {
      ended = await called(argv, options);
      return says.test(ended.stdout);
    });
  }
  const { stdout, said } = ended;
  assert.equal(ended.code, code, `${name}: ${said}`);
  assert.match(said, says, name);
  if (code !== 0) assert.doesNotMatch(said, /^\s+at /m, `${name} shows a stack`);
  if (args.includes("--json")) assert.doesNotThrow(() => readJson(stdout), `${name}: ${said}`);
}

/** Calls a program to its end. */
async function called([command = "", ...args]: readonly string[], options: Deno.CommandOptions) {
  const ended = await new Deno.Command(command, {
    ...options,
    args,
    clearEnv: true,
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const stdout = text(ended.stdout);
  return { code: ended.code, stdout, said: `${stdout}${text(ended.stderr)}` };
}

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
