import assert from "node:assert/strict";
import { launchBrowser } from "../browser.ts";
import { openStage } from "../fixtures/stage_page.ts";

Deno.test("the thread follows its end, unless the visitor scrolled up", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  const log = page.locator("[part~=log]");
  const fromEnd = () => log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
  const say = (from: number) =>
    visitor.play(
      `for (let i = ${from}; i < ${from} + 50; i++) stage.say("Line " + i + "\\n\\n");`,
    );
  await visitor.ask("Go on");
  await say(0);
  await page.getByText("Line 49").waitFor();
  await page.waitForFunction(
    `(() => { const box = document.getElementById("pod").shadowRoot.querySelector("[part=log]");
      return box.scrollHeight > box.clientHeight && box.scrollHeight - box.scrollTop - box.clientHeight < 2; })()`,
  );
  await page.locator("[part~=jump]").waitFor({ state: "detached" });

  await log.hover();
  await page.mouse.wheel(0, -300);
  await page.locator("[part~=jump]").waitFor();
  const top = await log.evaluate(whereItRests);
  await say(50);
  await page.getByText("Line 99").waitFor();
  assert.equal(await log.evaluate((box) => box.scrollTop), top, "it stays where the visitor reads");

  await page.locator("[part~=jump]").click();
  await page.locator("[part~=jump]").waitFor({ state: "detached" });
  await say(100);
  await page.getByText("Line 149").waitFor();
  await page.waitForFunction(
    `(() => { const box = document.getElementById("pod").shadowRoot.querySelector("[part=log]");
      return box.scrollHeight - box.scrollTop - box.clientHeight < 2; })()`,
  );
  assert.ok(await fromEnd() < 2);
});

Deno.test("a long thread opens with its newest messages, and shows earlier ones when asked", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, {
    options: {
      history: Array.from(
        { length: 250 },
        (_, i) => ({ role: "user" as const, content: `No. ${i}` }),
      ),
    },
  });
  const { page } = visitor;
  await page.getByText("No. 249").waitFor();
  await page.getByText("No. 150", { exact: true }).waitFor({ state: "attached" });
  assert.equal(await page.locator("[part~=message]").count(), 100);
  // Where the visitor reads, nothing moves while earlier ones come.
  const first = page.getByText("No. 150", { exact: true });
  await page.locator("[part~=log]").evaluate((log) => log.scrollTop = 0);
  const earlier = page.locator("[part~=earlier]");
  const top = async () => (await first.boundingBox())?.y ?? NaN;
  const before = await top();
  await earlier.click();
  await page.getByText("No. 50", { exact: true }).waitFor({ state: "attached" });
  assert.ok(Math.abs(await top() - before) <= 2, `${before} px, then ${await top()} px`);
  await earlier.click();
  await page.getByText("No. 0", { exact: true }).waitFor({ state: "attached" });
  assert.equal(await page.locator("[part~=message]").count(), 250);
  assert.equal(await earlier.count(), 0);
});

Deno.test("nothing is wider than a page of 320 pixels", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, {
    context: { viewport: { width: 320, height: 600 } },
    config: { ui: { greeting: "Hello!", starters: ["a".repeat(80), "Short"] } },
  });
  const { page } = visitor;
  await visitor.ask("https://example.org/" + "very-long-path/".repeat(20));
  const wide = "| a | b |\n|---|---|\n| " + "x".repeat(200) + " | y |\n\n```\n" + "z".repeat(300) +
    "\n```\n\n" + "w".repeat(300) + "\n";
  await visitor.play(`stage.say(${JSON.stringify(wide)}); stage.done();`);
  await page.locator("[data-role=assistant][data-status=done]").waitFor();
  const widths = await page.evaluate(() => {
    const root = document.getElementById("pod")?.shadowRoot;
    return [document.documentElement, root?.querySelector("[part=log]")].map((one) =>
      one?.scrollWidth
    );
  });
  assert.deepEqual(widths, [320, 320]);
});

Deno.test("the page's style sheets do not reach into the widget, and a strict policy lets it be", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, {
    policy: "default-src 'none'; script-src NONCE; style-src NONCE",
    css:
      "*{color:red!important;font-size:5px!important;letter-spacing:9px;text-transform:uppercase}",
  });
  const { page } = visitor;
  await visitor.ask("Hi");
  const style = await page.locator("[data-role=user] [part~=text]").evaluate((element) => {
    const { color, fontSize, letterSpacing, textTransform, borderTopLeftRadius } = getComputedStyle(
      element,
    );
    return { color, fontSize, letterSpacing, textTransform, round: borderTopLeftRadius !== "0px" };
  });
  assert.deepEqual(style, {
    color: "rgb(23, 26, 33)",
    fontSize: "15px",
    letterSpacing: "normal",
    textTransform: "none",
    round: true,
  });
  assert.deepEqual(visitor.errors, []);
});

Deno.test("the widget is dark where the visitor's system is, unless the page says otherwise", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, { context: { colorScheme: "dark" } });
  const { page } = visitor;
  const background = () =>
    page.locator("[part~=root]").evaluate((root) => getComputedStyle(root).backgroundColor);
  assert.equal(await background(), "rgb(20, 22, 27)");
  await page.locator("#pod").evaluate((host) => host.setAttribute("data-theme", "light"));
  assert.equal(await background(), "rgb(255, 255, 255)");
  await page.emulateMedia({ colorScheme: "light" });
  await page.locator("#pod").evaluate((host) => host.setAttribute("data-theme", "dark"));
  assert.equal(await background(), "rgb(20, 22, 27)");
});

Deno.test("the widget speaks the visitor's language", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, { context: { locale: "de-DE" } });
  assert.equal(await visitor.page.locator("[part~=send]").getAttribute("title"), "Senden");
  assert.equal(await visitor.page.locator("[part~=root]").getAttribute("lang"), "de");
});

Deno.test("an embedder chooses the language, and replaces sentences", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, {
    context: { locale: "en-GB" },
    options: { locale: "de", strings: { send: "Los", inputPlaceholder: "Frag {name}" } },
  });
  const { page } = visitor;
  assert.equal(await page.locator("[part~=send]").getAttribute("title"), "Los");
  assert.equal(
    await page.locator("[part~=input]").getAttribute("placeholder"),
    "Frag Ada’s workshop",
  );
  assert.equal(await page.locator("[part~=menu]").getAttribute("title"), "Gespräche");
});

Deno.test("the header says where answers come from, and whether that is the owner's machine", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const connection = visitor.page.locator("[part~=connection][data-connection=ready]");
  await connection.waitFor();
  assert.equal(await connection.textContent(), "Owner not verified:Owner’s machine");
  assert.equal(await connection.locator("[part~=verified]").count(), 0);
  await visitor.play(`stage.verifyOwner();`);
  await connection.locator("[part~=verified]").waitFor();
  assert.equal(await connection.textContent(), "Owner verified:Owner’s machine");
  assert.equal(await connection.getAttribute("title"), "Owner verified");
});

Deno.test("a widget that is taken away leaves the page as it was, and can come back", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await visitor.ask("Hi");
  await visitor.play(`stage.say("Hello"); await runtime.destroy();`);
  assert.equal(await page.locator("[part~=root]").count(), 0);
  assert.equal(await page.locator("#pod").getAttribute("data-state"), null);
  await page.evaluate(`GemmaPod.start(document.getElementById("pod"))`);
  await page.locator("[part~=root][data-state=ready]").waitFor();
  assert.deepEqual(visitor.errors, []);
});

/** Runs in the page: where a box is scrolled to, once it no longer moves. */
async function whereItRests(box: Element): Promise<number> {
  for (let [still, top] = [0, -1]; still < 10; still++) {
    if (box.scrollTop !== top) still = 0;
    top = box.scrollTop;
    await new Promise(requestAnimationFrame);
  }
  return box.scrollTop;
}
