import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import type { FrameLocator, Page } from "../../libraries/playwright.ts";
import { fullBundle } from "../../../src/assets/mod.ts";
import { launchBrowser, launchProfile } from "../browser.ts";
import { startChain } from "../chain.ts";
import { startWitness } from "../fixtures/witness.ts";
import { startModelEndpoint } from "../model_endpoint.ts";

const TOKENS = ["Here ", "I ", "am."];

/** The widget in a page or a frame. */
function widget(place: Page | FrameLocator) {
  return {
    ready: () => place.locator("[part~=root][data-state=ready]").waitFor(),
    async ask(question: string) {
      await place.locator("[part~=input]").fill(question);
      await place.locator("[part~=input]").press("Enter");
    },
    async answered(count: number): Promise<string[]> {
      await place.locator("[data-role=assistant][data-status=done]").nth(count - 1).waitFor();
      return await place.locator("[part~=message] [part~=text]").allTextContents();
    },
  };
}

/** Collects what goes wrong on a page. */
function errorsOn(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  return errors;
}

Deno.test("a packed page chats wherever it is opened, and where nothing can be kept", async (t) => {
  await using model = await startModelEndpoint({ script: { tokens: TOKENS } });
  await using chain = await startChain({ modelUrl: model.url });
  const packed = await Deno.readTextFile(chain.pageFile);
  await using site = startWitness({
    pod: packed,
    outside: `<!doctype html><title>Outside</title>
<iframe sandbox="allow-scripts" src="/pod" width="600" height="600"></iframe>`,
  });

  await t.step(`in an iframe with sandbox="allow-scripts"`, async () => {
    await using browser = await launchBrowser();
    const page = await browser.newPage();
    const errors = errorsOn(page);
    await page.goto(`${site.url}/outside`);
    const frame = page.frameLocator("iframe");
    const inside = frame.locator("body");
    assert.equal(
      await inside.evaluate(() => {
        try {
          return String(localStorage.length);
        } catch (error) {
          return (error as Error).name; // what a blocked storage throws
        }
      }),
      "SecurityError",
    );
    const pod = widget(frame);
    await pod.ready();
    await pod.ask("Hello?");
    await pod.answered(1);
    await pod.ask("Still?");
    assert.deepEqual(await pod.answered(2), ["Hello?", "Here I am.", "Still?", "Here I am."]);
    // Such a frame has no clipboard of its own.
    await Promise.all([ // it says so for two seconds
      frame.locator("[part~=copy][aria-label=Copied]").waitFor(),
      frame.locator("[part~=copy]").last().click(),
    ]);
    assert.deepEqual(errors.filter((text) => !text.includes("favicon")), []);
  });

  for (const url of [chain.pageUrl, pathToFileURL(chain.pageFile).href]) {
    await t.step(`${new URL(url).protocol} where the browser blocks all storage`, async () => {
      await using profile = await launchProfile({
        profile: { default_content_setting_values: { cookies: 2 } },
      });
      const page = await profile.newPage();
      const errors = errorsOn(page);
      await page.goto(url);
      const storage = await page.evaluate(() => {
        try {
          return String(localStorage.length);
        } catch (error) {
          return (error as Error).name; // what a blocked storage throws
        }
      });
      assert.equal(storage, "SecurityError");
      const pod = widget(page);
      await pod.ready();
      await pod.ask("Hello?");
      await pod.answered(1);
      await pod.ask("Still?");
      assert.deepEqual(await pod.answered(2), ["Hello?", "Here I am.", "Still?", "Here I am."]);
      const { thread } = await model.request(model.requests.length - 1);
      assert.deepEqual(thread.slice(1).map(({ content }) => content.trim()), [
        "Hello?",
        "Here I am.",
        "Still?",
      ]);
      assert.deepEqual(errors, []);
    });
  }
});

Deno.test("two pods on one page do not know of each other", async () => {
  await using one = await startModelEndpoint({ script: { tokens: ["I am ", "one."] } });
  await using two = await startModelEndpoint({ script: { tokens: ["I am ", "two."] } });
  await using chain = await startChain({ modelUrl: one.url });
  const pods = {
    one: { dartc: { signalUrl: `${chain.brokerUrl}/signal`, podId: "test-pod" } },
    two: { direct: { baseUrl: two.url } },
  };
  const mounts = Object.entries(pods).map(([id, transport]) =>
    `GemmaPod.mountPod(document.getElementById("${id}"), ${
      JSON.stringify({ name: id, id, transport })
    }).then((mounted) => globalThis.${id} = mounted);`
  );
  await using site = startWitness({
    page: `<!doctype html><meta charset="utf-8"><title>Two</title>
<div id="one" style="height:20rem"></div><div id="two" style="height:20rem"></div>
<script>${await fullBundle("site")}</script><script>${await fullBundle("site")}</script>
<script>${mounts.join("\n")}</script>`,
  });
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  const errors = errorsOn(page);
  await page.goto(`${site.url}/page`);
  const shown = { one: page.locator("#one"), two: page.locator("#two") };
  for (const pod of Object.values(shown)) {
    await pod.locator("[part~=root][data-state=ready]").waitFor();
  }
  // Both at once.
  for (const [name, pod] of Object.entries(shown)) {
    await pod.locator("[part~=input]").fill(`Who are you, ${name}?`);
  }
  for (const pod of Object.values(shown)) await pod.locator("[part~=input]").press("Enter");
  for (const [name, pod] of Object.entries(shown)) {
    await pod.locator("[data-role=assistant][data-status=done]").waitFor();
    assert.deepEqual(await pod.locator("[part~=message] [part~=text]").allTextContents(), [
      `Who are you, ${name}?`,
      `I am ${name}.`,
    ]);
  }
  const keys = await page.evaluate("Object.keys(localStorage).sort()") as string[];
  assert.deepEqual(keys.filter((key) => key.includes(":conversation")), [
    "gemmapod:test-pod:conversation:v1",
    "gemmapod:two:conversation:v1",
  ]);

  await page.evaluate("one.destroy()");
  assert.equal(await shown.one.locator("[part~=message]").count(), 0);
  await shown.two.locator("[part~=input]").fill("Still there?");
  await shown.two.locator("[part~=input]").press("Enter");
  await shown.two.locator("[data-role=assistant][data-status=done]").nth(1).waitFor();
  assert.deepEqual(errors.filter((text) => !text.includes("favicon")), []);
});
