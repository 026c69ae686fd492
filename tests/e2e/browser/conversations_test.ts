import assert from "node:assert/strict";
import { runtimeBundle } from "../../../src/assets/mod.ts";
import { launchBrowser } from "../browser.ts";
import { startChain } from "../chain.ts";
import { startWitness } from "../fixtures/witness.ts";
import { startModelEndpoint } from "../model_endpoint.ts";

Deno.test("an earlier conversation is opened: its Host tells what the page lacks, and goes on", async () => {
  await using model = await startModelEndpoint({ script: { tokens: ["Fine."] } });
  await using chain = await startChain({ modelUrl: model.url });
  const dartc = { signalUrl: `${chain.brokerUrl}/signal`, podId: "test-pod" };
  const config = { name: "Test pod", transport: { dartc } };
  await using site = startWitness({
    page: `<!doctype html><meta charset="utf-8"><title>Test pod</title>
<script>${await runtimeBundle()}</script>
<script>
  const runtime = GemmaPod.create(${JSON.stringify(config)});
  const told = [];
  runtime.events.on("chat.history", ({ messages }) => told.push(messages.length));
  const said = () => runtime.chat.history().map(({ content }) => content);
  const titles = () => runtime.chat.conversations().map(({ title }) => title);
</script>`,
  });
  await using browser = await launchBrowser();
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${site.url}/page`);
  await page.evaluate(`runtime.chat.send("What is ash?")`);
  await page.evaluate(`runtime.chat.send("And oak?")`);
  const first = await page.evaluate("runtime.conversationId");
  await page.evaluate("runtime.chat.clear()");
  await page.evaluate(`runtime.chat.send("Do you deliver?")`);
  assert.deepEqual(await page.evaluate("titles()"), ["Do you deliver?", "What is ash?"]);

  // As of a storage that was full: the page has less than the Host.
  await page.evaluate(`{
    const key = "gemmapod:test-pod:conversations:v1";
    const [record] = JSON.parse(localStorage.getItem(key));
    const messages = record.messages.slice(2);
    localStorage.setItem(key, JSON.stringify([{ ...record, messages, trimmed: true }]));
  }`);
  await page.reload();
  await page.evaluate("runtime.connect()");
  // What the page has is shown at once, before its Host has told the rest.
  const shown = await page.evaluate(
    `{ void runtime.chat.open(${JSON.stringify(first)}); said(); }`,
  );
  assert.deepEqual(shown, ["And oak?", "Fine."]);
  await page.waitForFunction("runtime.transport.status === 'ready' && said().length === 4");
  await page.evaluate(`runtime.chat.send("And elm?")`);
  const { thread } = await model.request(3);
  assert.deepEqual(thread.slice(1).map(({ content }) => content), [
    "What is ash?",
    "Fine.",
    "And oak?",
    "Fine.",
    "And elm?",
  ]);
  assert.deepEqual(await page.evaluate("titles()"), ["What is ash?", "Do you deliver?"]);

  const second = await page.evaluate("runtime.chat.conversations()[1].conversationId");
  await page.evaluate("told.length = 0");
  await page.evaluate(`runtime.chat.forget(${JSON.stringify(second)})`);
  assert.deepEqual(await page.evaluate("titles()"), ["What is ash?"]);
  assert.deepEqual(await page.evaluate("told"), [6]);
  assert.equal(await page.evaluate("JSON.stringify(localStorage).includes('deliver')"), false);
});
