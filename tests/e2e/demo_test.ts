import assert from "node:assert/strict";
import { join } from "node:path";
import { startModelEndpoint } from "./model_endpoint.ts";
import { start } from "./processes.ts";

const DEMO = [
  Deno.execPath(),
  "run",
  "-A",
  "--quiet",
  join(import.meta.dirname ?? ".", "../../src/cli/demo.ts"),
];

/** A port that nothing listens on. */
function freePort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return listener.addr.port;
}

/** Makes sure that a port is taken: by us, or by whoever has it already. */
function takePort(port: number): Disposable {
  try {
    return Deno.listen({ port, hostname: "127.0.0.1" });
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    return { [Symbol.dispose]: () => {} };
  }
}

async function demo(ollamaUrl: string, ...flags: string[]) {
  const running = start([...DEMO, ...flags], {
    env: { ...Deno.env.toObject(), OLLAMA_URL: ollamaUrl, NO_COLOR: "1" },
  });
  const [, url = ""] = await running.line(/(http:\/\/127\.0\.0\.1:\d+\/[\w-]{12})/);
  return { running, url };
}

Deno.test("the demo serves its page, says that it uses the model it found, and Ctrl-C ends it", async () => {
  await using model = await startModelEndpoint({ models: ["nomic-embed-text", "gemma-test"] });
  const { running, url } = await demo(model.url);
  await using _ = running;
  await running.line(/gemma-test/);
  const page = await fetch(url);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /__GEMMAPOD_MANIFEST_B64/);
  running.kill("SIGINT");
  assert.equal((await running.status).code, 0);
  // Its usual port may be another demo's by now.
  const served = await fetch(url).then((answer) => answer.text(), () => "");
  assert.doesNotMatch(served, /__GEMMAPOD_MANIFEST_B64/);
});

Deno.test("the demo takes another port where its usual one is taken", async () => {
  using _taken = takePort(8080);
  const { running, url } = await demo(`http://127.0.0.1:${freePort()}`);
  await using _ = running;
  assert.notEqual(new URL(url).port, "8080");
  assert.equal((await (await fetch(url)).text()).includes("__GEMMAPOD_MANIFEST_B64"), true);
  running.kill("SIGTERM"); // it takes its folder away
  assert.equal((await running.status).code, 0);
});

Deno.test("the demo says that it falls back to scripted answers when nothing answers", async () => {
  const { running } = await demo(`http://127.0.0.1:${freePort()}`);
  await using _ = running;
  await running.line(/nothing answers/);
  running.kill("SIGTERM");
  assert.equal((await running.status).code, 0);
});
