import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { runtimeBundle } from "../../../src/assets/mod.ts";
import { startChain } from "../chain.ts";
import { startWitness } from "../fixtures/witness.ts";
import { everyMs, Gate, startModelEndpoint } from "../model_endpoint.ts";
import { type FirefoxPage, launchFirefox } from "./firefox.ts";

const TOKENS = Array.from({ length: 100 }, (_, index) => `word${index} `);
const ANSWER = TOKENS.join("").trim();

/** The widget's root, as an expression. */
const ROOT = `[...document.querySelectorAll("*")].find((one) => one.shadowRoot)?.shadowRoot`;

async function ask(page: FirefoxPage, question: string): Promise<void> {
  await page.evaluate(`${ROOT}.querySelector("[part~=input]").focus()`);
  await page.type(`${question}\uE007`);
}

/** The thread as it is shown, once it has so many answers. */
async function answered(page: FirefoxPage, count: number): Promise<unknown> {
  const answers = `${ROOT}?.querySelectorAll("[data-role=assistant][data-status=done]").length`;
  await page.until(`${answers} === ${count}`);
  return await page.evaluate(
    `[...${ROOT}.querySelectorAll("[part~=message] [part~=text]")]
      .map(({ textContent }) => textContent.trim())`,
  );
}

function state(page: FirefoxPage, state: string): Promise<void> {
  return page.until(`${ROOT}?.querySelector("[part~=root]")?.dataset.state === "${state}"`);
}

Deno.test("Firefox: a visitor chats with the owner's model", async (t) => {
  await using model = await startModelEndpoint({ script: { tokens: TOKENS, pace: everyMs(5) } });
  await using chain = await startChain({ modelUrl: model.url });
  await using firefox = await launchFirefox();

  for (
    const [origin, url] of [
      ["the broker", chain.pageUrl],
      ["file://", pathToFileURL(chain.pageFile).href],
    ] as const
  ) {
    await t.step(`through the packed page from ${origin}, which keeps the thread`, async () => {
      const page = await firefox.open(url);
      await state(page, "ready");
      await ask(page, "Count, please.");
      assert.deepEqual(await answered(page, 1), ["Count, please.", ANSWER]);
      await page.reload();
      await state(page, "ready");
      await ask(page, "And again?");
      const thread = ["Count, please.", ANSWER, "And again?", ANSWER];
      assert.deepEqual(await answered(page, 2), thread);
      const { thread: asked } = await model.request(model.requests.length - 1);
      assert.deepEqual(asked.slice(1).map(({ content }) => content.trim()), thread.slice(0, 3));
      assert.deepEqual(page.errors, []);
    });
  }

  await t.step("the field grows with what is written, and shrinks again", async () => {
    const page = await firefox.open(chain.pageUrl);
    await state(page, "ready");
    const field = `${ROOT}.querySelector("[part~=input]")`;
    const one = Number(await page.evaluate(`${field}.clientHeight`));
    await page.evaluate(`${field}.focus()`);
    await page.evaluate(`document.execCommand("insertText", false, "1\\n2\\n3\\n4")`);
    await page.until(`${field}.clientHeight > ${one * 2}`);
    await page.until(`${field}.scrollHeight <= ${field}.clientHeight`);
    await page.type("\uE007");
    await page.until(`${field}.clientHeight === ${one}`);
    await answered(page, 3); // after the two of the first step
    assert.deepEqual(page.errors, []);
  });

  await t.step(
    "through the runtime alone: pieces, an abort, and the Host gone and back",
    async () => {
      const dartc = { signalUrl: `${chain.brokerUrl}/signal`, podId: "test-pod" };
      await using site = startWitness({
        page: `<!doctype html><meta charset="utf-8"><title>Runtime</title>
<script>${await runtimeBundle()}</script><script>
  const runtime = GemmaPod.create({ name: "Test", transport: ${JSON.stringify({ dartc })} });
  const seen = { pieces: 0, text: "", end: "" };
  const stop = new AbortController();
  async function ask(text) {
    Object.assign(seen, { pieces: 0, text: "", end: "" });
    try {
      for await (const { delta } of runtime.chat.stream({ text, signal: stop.signal })) {
        seen.pieces++;
        seen.text += delta;
      }
      seen.end = "done";
    } catch (error) {
      seen.end = error.name === "AbortError" ? error.name : error.code;
    }
  }
</script>`,
      });
      const page = await firefox.open(`${site.url}/page`);
      await page.evaluate(`ask("Count, please.")`);
      const { pieces, text, end } = await page.evaluate("seen") as Record<string, unknown>;
      assert.deepEqual([text, end], [TOKENS.join(""), "done"]);
      assert.ok(Number(pieces) >= 20, `${pieces} pieces`);

      const gate = new Gate();
      model.next({ tokens: TOKENS, pace: gate.pace });
      await page.evaluate(`void ask("Once more.")`);
      gate.open(2);
      await page.until(`seen.text === "word0 word1 "`);
      chain.host.kill("SIGKILL");
      await page.until(`seen.end === "disconnected"`);
      await chain.startHost();
      await page.until(`runtime.transport.status === "ready"`);
      assert.equal(await page.evaluate("runtime.chat.history().at(-1).status"), "cut");

      const asked = model.requests.length;
      model.next({ tokens: TOKENS, pace: new Gate().pace });
      await page.evaluate(`void ask("And now?")`);
      const request = await model.request(asked);
      await page.evaluate("stop.abort()");
      await page.until(`seen.end === "AbortError"`);
      assert.equal(await request.ended, "aborted");
      assert.deepEqual(page.errors, []);
    },
  );
});
