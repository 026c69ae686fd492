import assert from "node:assert/strict";
import { launchBrowser } from "../browser.ts";
import { openStage } from "../fixtures/stage_page.ts";

Deno.test("a presentation is shown a slide at a time, as Markdown, and loads nothing", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await visitor.ask("Show me");
  const value = {
    title: "Tables <b>",
    slides: [
      { title: "Round", text: "Of **ash**, [bad](javascript:alert(1)) <img src=x onerror=x>" },
      { text: "Long", image: "https://example.org/a(b) c.jpg" },
      null,
      { image: 3 },
    ],
  };
  await visitor.play(`stage.ui({type: "CUSTOM", name: "presentation.show",
    value: ${JSON.stringify(value)}}); stage.done();`);
  const card = page.getByRole("region", { name: "Tables <b>" });
  await card.locator("strong", { hasText: "ash" }).waitFor();
  assert.equal(await card.locator("a, img").count(), 0);
  await card.getByText("1 of 2").waitFor();

  await card.getByRole("button", { name: "Next" }).press("Enter");
  await card.getByText("2 of 2").waitFor();
  await page.keyboard.press("Enter"); // there is no third
  assert.equal(
    await card.locator("a").getAttribute("href"),
    "https://example.org/a%28b%29%20c.jpg",
  );
  await card.getByRole("button", { name: "Previous" }).click();
  await card.getByText("1 of 2").waitFor();
  assert.deepEqual(requests, []);
  assert.deepEqual(visitor.errors, []);
});

Deno.test("what is no presentation is not shown", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await visitor.ask("Show me");
  await visitor.play(`for (const value of [undefined, null, 3, {}, {slides: {}}, {slides: [{}]}]) {
    stage.ui({type: "CUSTOM", name: "presentation.show", value});
  } stage.say("Nothing."); stage.done();`);
  await page.locator("[data-role=assistant][data-status=done]").waitFor();
  assert.equal(await page.locator("[part~=presentation]").count(), 0);
  assert.deepEqual(visitor.errors, []);
});

Deno.test("what a pod shows after its run belongs to the answer before", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await visitor.ask("Show me");
  await visitor.play(`const {runId} = stage; stage.say("Here."); stage.done();
    stage.ui({type: "CUSTOM", name: "presentation.show", runId,
      value: {title: "Late", slides: [{text: "but here"}]}});`);
  await page.locator("[data-role=assistant] [part~=presentation]", { hasText: "but here" })
    .waitFor();
});

const PAYMENT = {
  capabilities: [
    { name: "payment.intent", risk: "high" },
    { name: "clipboard.write" },
    { name: "shop.loyalty" },
  ],
};

Deno.test("the visitor is asked in plain words what a pod may do, one question after the other", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, { config: PAYMENT });
  const { page } = visitor;
  await visitor.play(`globalThis.answers = Promise.allSettled([
    runtime.capabilities.request("payment.intent", {amount: "12.00", note: "<b>oil</b>"}),
    runtime.capabilities.request("clipboard.write", "some text"),
    runtime.capabilities.request("shop.loyalty"),
  ]).then((all) => all.map(({value, reason}) => value ?? reason.code));`);
  const prompt = page.getByRole("dialog", { name: "Ada’s workshop asks for permission" });
  await prompt.getByText("Ada’s workshop would like to prepare a payment.").waitFor();
  await prompt.locator("[part~=prompt-input]", { hasText: `"note": "<b>oil</b>"` }).waitFor();
  await prompt.getByText("you are asked each time").waitFor();
  assert.equal(await prompt.locator("[part~=refuse]").evaluate(isFocused), true);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // Allow

  await prompt.getByText("put text on your clipboard").waitFor();
  assert.equal(await prompt.locator("[part~=prompt-risk]").count(), 0);
  await page.keyboard.press("Escape");

  await prompt.getByText("would like to shop.loyalty").waitFor();
  await prompt.locator("[part~=refuse]").click();
  await prompt.waitFor({ state: "detached" });
  assert.deepEqual(await page.evaluate("answers"), [
    true,
    "capability_refused",
    "capability_refused",
  ]);
  assert.deepEqual(visitor.errors, []);
});

Deno.test("a click beside the prompt is a no; a text that is selected to its edge is not", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, { config: PAYMENT });
  const { page } = visitor;
  await visitor.play(`globalThis.answer = runtime.capabilities.request("clipboard.write", "text")
    .catch(({code}) => code);`);
  const prompt = page.locator("[part~=prompt]");
  await prompt.locator("[part~=prompt-input]").hover();
  await page.mouse.down();
  await page.mouse.move(5, 5);
  await page.mouse.up();
  assert.ok(await prompt.isVisible());
  await page.mouse.click(5, 5);
  await prompt.waitFor({ state: "detached" });
  assert.equal(await page.evaluate("answer"), "capability_refused");
});

Deno.test("a pod that cannot do without a permission says so, and is not mounted without", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await visitor.play(`await runtime.destroy();
    globalThis.outcome = GemmaPod.start(document.getElementById("pod"), {
      capabilities: [{name: "file.save", required: true}],
    }).catch(({code}) => code);`);
  const prompt = page.locator("[part~=prompt]");
  await prompt.getByText("save a file on your device").waitFor();
  await prompt.getByText("Without it, Ada’s workshop does not start.").waitFor();
  await prompt.locator("[part~=refuse]").click();
  assert.equal(await page.evaluate("outcome"), "capability_refused");
  assert.equal(await page.locator("[part~=root]").count(), 0);
});

Deno.test("a question that is open when the widget goes away is refused", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, { config: PAYMENT });
  const { page } = visitor;
  await visitor.play(`globalThis.answer = runtime.capabilities.request("clipboard.write")
    .catch(({code}) => code);`);
  await page.locator("[part~=prompt]").waitFor();
  await visitor.play(`await runtime.destroy();`);
  assert.equal(await page.evaluate("answer"), "capability_refused");
  assert.equal(await page.evaluate("runtime.capabilities.onRequest"), undefined);
});

Deno.test("the prompt is over the page also while the launcher is closed", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, {
    config: PAYMENT,
    options: { mode: "launcher" },
  });
  await visitor.play(`globalThis.answer = runtime.capabilities.request("clipboard.write");`);
  await visitor.page.locator("[part~=allow]").click();
  assert.equal(await visitor.page.evaluate("answer"), true);
});

function isFocused(element: Element): boolean {
  const root = element.getRootNode();
  return root instanceof ShadowRoot && root.activeElement === element;
}
