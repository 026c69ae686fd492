import assert from "node:assert/strict";
import type { Page } from "../../libraries/playwright.ts";
import { runtimeBundle } from "../../../src/assets/mod.ts";
import { launchBrowser } from "../browser.ts";
import { eventually } from "../eventually.ts";
import { startWitness } from "../fixtures/witness.ts";

const KEY = "gemmapod:ada:conversation:v1";

/** A page with a runtime that talks to nobody: what it keeps is all that it is for. */
async function keeper(signalUrl = "ws://127.0.0.1:9/signal"): Promise<string> {
  const transport = { dartc: { signalUrl, podId: "ada" } };
  return `<!doctype html><meta charset="utf-8"><title>Ada</title>
<script>${await runtimeBundle()}</script>
<script>
  const make = () => GemmaPod.create({ name: "Ada", transport: ${JSON.stringify(transport)} });
  let runtime = make();
  const said = () => runtime.chat.history().map(({ content }) => content);
  const say = (content) =>
    runtime.chat.setHistory([...runtime.chat.history(), { role: "user", content }]);
</script>`;
}

function said(page: Page): Promise<string[]> {
  return page.evaluate("said()");
}

Deno.test("two tabs that write at once keep each other's turns, and what one removes is gone", async () => {
  await using site = startWitness({ page: await keeper() });
  await using browser = await launchBrowser();
  const context = await browser.newContext();
  const tabs = [await context.newPage(), await context.newPage()] as const;
  for (const tab of tabs) await tab.goto(`${site.url}/page`);
  await Promise.all(tabs.map((tab, index) =>
    tab.evaluate(`(async () => {
      for (let turn = 0; turn < 50; turn++) {
        say("tab ${index} turn " + turn);
        if (turn % 5 === 0) await new Promise((resolve) => setTimeout(resolve));
      }
    })()`)
  ));
  const all = [0, 1].flatMap((tab) =>
    Array.from({ length: 50 }, (_, turn) => `tab ${tab} turn ${turn}`)
  ).sort();
  for (const tab of tabs) {
    await eventually("a tab has the turns of both", async () => (await said(tab)).length === 100);
    assert.deepEqual((await said(tab)).sort(), all);
  }
  const later = await context.newPage();
  await later.goto(`${site.url}/page`);
  await eventually("storage has the turns of both", async () => (await said(later)).length === 100);
  assert.deepEqual((await said(later)).sort(), all);

  await later.evaluate("runtime.chat.setHistory(runtime.chat.history().slice(0, 3))");
  for (const tab of tabs) {
    await eventually("it is gone in the others", async () => (await said(tab)).length === 3);
  }
  await tabs[0].evaluate(`say("after that")`);
  await eventually("the others hear it", async () => (await said(later)).length === 4);
});

Deno.test("conversations of two tabs: each keeps its own, and finds the other's", async () => {
  await using site = startWitness({ page: await keeper() });
  await using browser = await launchBrowser();
  const context = await browser.newContext();
  const [one, two] = [await context.newPage(), await context.newPage()];
  for (const tab of [one, two]) await tab.goto(`${site.url}/page`);
  await one.evaluate(`say("of both")`);
  await eventually("the other hears it", async () => (await said(two)).length === 1);
  const first = await two.evaluate("runtime.conversationId");
  await two.evaluate("runtime.chat.clear()");
  await two.evaluate(`say("of two")`);
  await one.evaluate(`say("of one")`);
  assert.deepEqual(await said(one), ["of both", "of one"]);
  const kept = () =>
    two.evaluate<[string, number][]>(
      "runtime.chat.conversations().map(({ title, messages }) => [title, messages])",
    );
  // Tabs of two processes see what the other wrote in its own time.
  await eventually("two lists what one said", async () => {
    return (await kept()).some(([title, messages]) => title === "of both" && messages === 2);
  });
  assert.deepEqual((await kept()).sort(), [["of both", 2], ["of two", 1]]);
  await two.evaluate(`runtime.chat.open(${JSON.stringify(first)})`);
  assert.deepEqual(await said(two), ["of both", "of one"]);
});

for (
  const [what, spoil] of [
    ["no JSON", `localStorage.setItem(KEY, "{")`],
    ["something else", `localStorage.setItem(KEY, '[{"conversationId":7}]')`],
    [
      "a conversation of wrong messages",
      `localStorage.setItem(KEY, JSON.stringify({
      conversationId: "a".repeat(32), messages: [null, 7, {role: "user"}, {role: "x", content: ""}],
      removed: {}, updatedAt: "yesterday" }))`,
    ],
  ] as const
) {
  Deno.test(`a storage that holds ${what} is survived`, async () => {
    await using site = startWitness({ page: await keeper() });
    await using browser = await launchBrowser();
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`${site.url}/page`);
    await page.evaluate(
      `const KEY = ${JSON.stringify(KEY)}; ${spoil};
       localStorage.setItem(KEY.replace(":conversation:", ":conversations:"), '{"a":[')`,
    );
    await page.reload();
    assert.deepEqual(await said(page), []);
    await page.evaluate(`say("still here")`);
    await page.reload();
    assert.deepEqual(await said(page), ["still here"]);
    assert.deepEqual(errors, []);
  });
}

Deno.test("a storage that is full keeps the newest turns, and the page all of them", async () => {
  await using site = startWitness({ page: await keeper() });
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(`${site.url}/page`);
  await page.evaluate(`
    let size = 4 * 1024 * 1024;
    for (let piece = 0; size > 512; piece++) {
      try { localStorage.setItem("other" + piece, "x".repeat(size)); } catch { size /= 2; }
    }
    localStorage.removeItem("other0");
    localStorage.setItem("other0", "x".repeat(4 * 1024 * 1024 - 20_000));`);
  await page.evaluate(`for (let turn = 0; turn < 100; turn++) say("y".repeat(1000) + turn)`);
  assert.equal((await said(page)).length, 100);
  await page.reload();
  const kept = await said(page);
  assert.ok(kept.length > 2 && kept.length < 100, `${kept.length} are kept`);
  assert.equal(kept.at(-1), "y".repeat(1000) + "99");
});

Deno.test("a question on its way is marked when the page is left before anybody heard it", async () => {
  await using broker = startWitness(); // takes every call, and says nothing
  await using site = startWitness({ page: await keeper(broker.url.replace("http", "ws")) });
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(`${site.url}/page`);
  await page.evaluate(`void runtime.chat.send("Is anybody there?").catch(() => {})`);
  await broker.saw("signal");
  await page.reload();
  assert.deepEqual(
    await page.evaluate("runtime.chat.history().map(({ role, status }) => [role, status])"),
    [["user", "done"], ["assistant", "cut"]],
  );
});
