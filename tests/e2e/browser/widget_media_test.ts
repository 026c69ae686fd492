import assert from "node:assert/strict";
import { launchBrowser } from "../browser.ts";
import { openStage, type StagePage } from "../fixtures/stage_page.ts";

/** A style of the first element with this `part`. */
function style({ page }: StagePage, part: string, property: string): Promise<string> {
  return page.locator(`[part~=${part}]`).first().evaluate(
    (element, name) => getComputedStyle(element).getPropertyValue(name),
    property,
  );
}

Deno.test("nothing moves by itself where the visitor asked for that", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, { context: { reducedMotion: "reduce" } });
  const { page } = visitor;
  await visitor.ask("Hello");
  const dots = page.locator(".waiting i").first();
  assert.equal(await dots.evaluate((dot) => getComputedStyle(dot).animationName), "none");
  await page.emulateMedia({ reducedMotion: "no-preference" });
  assert.equal(await dots.evaluate((dot) => getComputedStyle(dot).animationName), "pulse");
});

Deno.test("more contrast makes lines and lesser text as clear as the rest, light and dark", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, { context: { contrast: "more" } });
  for (const colorScheme of ["light", "dark"] as const) {
    await visitor.page.emulateMedia({ colorScheme });
    const text = await style(visitor, "root", "color");
    assert.equal(await style(visitor, "persona", "color"), text);
    assert.equal(await style(visitor, "composer", "border-top-color"), text);
  }
});

Deno.test("the whole thread is printed, without what only a screen has", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, {
    options: {
      history: Array.from(
        { length: 60 },
        (_, i) => ({ role: "user" as const, content: `No. ${i}` }),
      ),
    },
  });
  const { page } = visitor;
  await page.getByText("No. 59").waitFor();
  await page.emulateMedia({ media: "print" });
  const log = await page.locator("[part~=log]").evaluate((box) => ({
    cut: box.scrollHeight - box.clientHeight,
    high: box.clientHeight > innerHeight,
  }));
  assert.deepEqual(log, { cut: 0, high: true });
  for (const part of ["composer", "menu", "edit", "connection"]) {
    assert.equal(await page.locator(`[part~=${part}]`).first().isVisible(), false, part);
  }
});

Deno.test("on a page from right to left everything has its other side", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, { dir: "rtl", lang: "ar" });
  const { page } = visitor;
  await visitor.ask("مرحبا");
  await visitor.play(`stage.say("أهلاً\\n\\nHello there."); stage.done();`);
  await page.locator("[data-role=assistant][data-status=done]").waitFor();
  const left = async (part: string) =>
    (await page.locator(`[part~=${part}]`).first().boundingBox())?.x ?? NaN;
  assert.ok(await left("send") < await left("input"));
  assert.ok(await left("menu") < await left("title"));
  const directions = await page.locator("[data-role=assistant] p").evaluateAll((all) =>
    all.map((one) => getComputedStyle(one).direction)
  );
  assert.deepEqual(directions, ["rtl", "ltr"], "each paragraph has its own");
});
