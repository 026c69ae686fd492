import assert from "node:assert/strict";
import type { Page } from "../../libraries/playwright.ts";
import { launchBrowser } from "../browser.ts";
import { openStage } from "../fixtures/stage_page.ts";

const LAUNCHER = {
  page: `<button id="own">The page's own</button>`,
  config: { ui: { launcher: true } },
};

/** The `part` of the element that has the focus; the page's own by its id. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const outer = document.activeElement;
    const inner = outer?.shadowRoot?.activeElement;
    return inner?.getAttribute("part") ?? outer?.id ?? "";
  });
}

Deno.test("the launcher opens the chat with the keyboard, and Escape gives the focus back", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, LAUNCHER);
  const { page } = visitor;
  const panel = page.locator("[part~=root]");
  await page.locator("[part~=launcher][aria-expanded=false]").waitFor();
  assert.equal(await panel.isVisible(), false);

  await page.locator("#own").focus();
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "launcher");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Conversation with Ada’s workshop" }).waitFor();
  await page.locator("[part~=launcher][aria-expanded=true]").waitFor();
  assert.equal(await focused(page), "input");

  await page.keyboard.type("Hello");
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "hidden" });
  assert.equal(await focused(page), "launcher");

  await page.locator("[part~=launcher]").click();
  assert.equal(await page.locator("[part~=input]").inputValue(), "Hello", "the draft is there");
  await page.locator("[part~=close]").click();
  await panel.waitFor({ state: "hidden" });
  assert.equal(await focused(page), "launcher");
  assert.deepEqual(visitor.errors, []);
});

Deno.test("Escape in a box over the chat closes that box alone", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, LAUNCHER);
  const { page } = visitor;
  await page.locator("[part~=launcher]").click();
  await page.locator("[part~=menu]").click();
  await page.locator("[part~=conversations]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("[part~=conversations]").waitFor({ state: "detached" });
  assert.ok(await page.locator("[part~=root]").isVisible());
  assert.equal(await focused(page), "menu");
});

Deno.test("an answer that came while the chat was closed leaves a dot, until it is opened", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, LAUNCHER);
  const { page } = visitor;
  await page.locator("[part~=launcher]").click();
  await visitor.ask("Slowly, please");
  await page.locator("[part~=close]").click();
  await visitor.play(`stage.say("Here it is."); stage.done();`);
  await page.locator("[part~=unread]", { hasText: "New answer" }).waitFor();
  await page.locator("[part~=status]", { hasText: "Here it is." }).waitFor();
  await page.locator("[part~=launcher]").click();
  await page.locator("[part~=unread]").waitFor({ state: "detached" });
  await page.getByText("Here it is.").first().waitFor();
});

Deno.test("the chat is open again after a reload, and takes no focus by itself", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, LAUNCHER);
  const { page } = visitor;
  await page.locator("[part~=launcher]").click();
  await visitor.reload();
  await page.locator("[part~=input]").waitFor();
  assert.equal(await focused(page), "");
  await page.locator("[part~=close]").click();
  await visitor.reload();
  await page.locator("[part~=launcher]").waitFor();
  assert.equal(await page.locator("[part~=root]").isVisible(), false);
});

Deno.test("on a phone the open chat covers the page and keeps the focus in", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, {
    ...LAUNCHER,
    context: { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true },
  });
  const { page } = visitor;
  await page.locator("[part~=launcher]").tap();
  await page.locator("[part~=root]").waitFor();
  assert.deepEqual(await page.locator("[part~=root]").boundingBox(), {
    x: 0,
    y: 0,
    width: 360,
    height: 640,
  });
  assert.equal(await focused(page), "log", "no keyboard over the page");
  await page.locator("#own").evaluate((button) => button.focus());
  assert.notEqual(await focused(page), "own");
  await visitor.reload();
  await page.locator("[part~=launcher]").waitFor();
  assert.equal(await page.locator("[part~=root]").isVisible(), false, "the page is seen first");
});

Deno.test("on a pod's own page the chat with a launcher is open, and can be closed", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, {
    ...LAUNCHER,
    page: undefined,
    options: { placement: "page" },
  });
  const { page } = visitor;
  await page.locator("[part~=root][data-state=ready]").waitFor();
  await page.getByRole("heading", { level: 1, name: "Ada’s workshop" }).waitFor();
  await page.locator("[part~=close]").click();
  await page.locator("[part~=root]").waitFor({ state: "hidden" });
  await page.locator("[part~=launcher]").click();
  await page.locator("[part~=root]").waitFor();
});

Deno.test("who embeds a pod decides over its launcher", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, { ...LAUNCHER, options: { mode: "inline" } });
  await visitor.page.locator("[part~=input]").waitFor();
  assert.equal(await visitor.page.locator("[part~=launcher]").count(), 0);
});

Deno.test("a launcher that is taken away leaves nothing in the corner", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, LAUNCHER);
  const { page } = visitor;
  await page.locator("[part~=launcher]").click();
  await visitor.play(`await runtime.destroy();`);
  assert.equal(await page.locator("[part~=launcher]").count(), 0);
  assert.equal(await page.locator("#pod").getAttribute("data-mode"), null);
  assert.deepEqual(visitor.errors, []);
});

Deno.test("the open chat stands in the corner of a page, on its other side from right to left", async () => {
  await using browser = await launchBrowser();
  for (const dir of ["ltr", "rtl"] as const) {
    await using visitor = await openStage(browser, { ...LAUNCHER, dir });
    const { page } = visitor;
    await page.locator("[part~=launcher]").click();
    const panel = page.locator("[part~=root]");
    for (const { width, height } of [{ width: 1280, height: 800 }, { width: 768, height: 600 }]) {
      await page.setViewportSize({ width, height });
      for (const part of [panel, page.locator("[part~=launcher]")]) {
        const box = await part.boundingBox();
        assert.ok(box && box.y > 0 && box.y + box.height < height, JSON.stringify(box));
        const gap = dir === "rtl" ? box.x : width - box.x - box.width;
        assert.equal(Math.round(gap), 20, `${dir} ${JSON.stringify(box)}`);
      }
    }
    // A small page is all chat.
    await page.setViewportSize({ width: 320, height: 640 });
    const whole = { x: 0, y: 0, width: 320, height: 640 };
    assert.deepEqual(await panel.boundingBox(), whole, dir);
  }
});
