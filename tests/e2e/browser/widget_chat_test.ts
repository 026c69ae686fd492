import assert from "node:assert/strict";
import { launchBrowser } from "../browser.ts";
import { openStage } from "../fixtures/stage_page.ts";

Deno.test("the widget shows an answer as it comes, and says when it is whole", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await page.locator("[part~=root][data-state=ready]").waitFor();
  assert.equal(await page.locator("#pod").getAttribute("data-state"), "ready");

  await visitor.ask("Hello?");
  await page.locator("[data-role=assistant][data-status=streaming]").waitFor();
  await page.locator("[part~=root][data-state=streaming]").waitFor();
  assert.equal(await page.locator("[part~=log]").getAttribute("aria-busy"), "true");

  await visitor.play(`stage.say("Good **mor"); stage.say("ning**, how");`);
  await page.locator("[data-role=assistant] strong", { hasText: "morning" }).waitFor();
  await visitor.play(`stage.say(" are you? "); stage.done();`);
  const answer = page.locator("[data-role=assistant][data-status=done]");
  await answer.waitFor();
  assert.equal(await answer.locator("[part~=text]").textContent(), "Good morning, how are you?");
  assert.equal(await page.locator("[data-role=user] [part~=text]").textContent(), "Hello?");
  await page.locator("[part~=root][data-state=ready]").waitFor();
  assert.equal(await page.locator("[part~=log]").getAttribute("aria-busy"), "false");
  await page.locator("[part~=status]", { hasText: "Good morning, how are you?" }).waitFor();
  assert.deepEqual(visitor.errors, []);
});

/** What a page saw while an answer came into a thread of 500 messages at 200 tokens a second. */
interface Smoothness {
  /** Milliseconds of each task over 50 ms. */
  long: number[];
  /** The score of all layout shifts since the page was opened. */
  shift: number;
  /** How many different texts were painted. */
  texts: number;
}

async function streamIntoLongThread(slowdown: number): Promise<Smoothness> {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, {
    slowdown,
    options: {
      history: Array.from({ length: 500 }, (_, i) => ({
        role: i % 2 === 0 ? "user" as const : "assistant" as const,
        content: `Message ${i} with **some** text, and \`code\`.`,
      })),
    },
  });
  const { page } = visitor;
  await page.locator("[part~=message]").nth(99).waitFor();
  await visitor.ask("Count.");
  await page.evaluate(() => {
    const seen: Smoothness = { long: [], shift: 0, texts: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.long.push(duration);
    }).observe({ type: "longtask" });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += Number(Reflect.get(entry, "value"));
    }).observe({ type: "layout-shift", buffered: true });
    const root = document.getElementById("pod")?.shadowRoot;
    let last = "";
    const look = () => {
      const all = root?.querySelectorAll("[data-role=assistant] [part~=text]");
      const text = all?.[all.length - 1]?.textContent ?? "";
      if (text !== last) seen.texts++;
      last = text;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const words = Array.from({ length: 400 }, (_, i) => `word${i}${i % 12 === 11 ? ".\n\n" : " "}`);
  await visitor.play(`
    const words = ${JSON.stringify(words)};
    await new Promise((resolve) => {
      const timer = setInterval(() => {
        const word = words.shift();
        if (word !== undefined) return stage.say(word);
        clearInterval(timer);
        stage.done();
        resolve();
      }, 5);
    });`);
  await page.locator("[part~=root][data-state=ready]").waitFor();
  const text = await page.locator("[part~=message]").last().locator("[part~=text]").innerText();
  assert.equal(text.replace(/\s+/g, " ").trim(), words.join("").replace(/\s+/g, " ").trim());
  return await page.evaluate(() => Reflect.get(globalThis, "seen") as Smoothness);
}

Deno.test("the widget streams 200 tokens a second without a long task or a layout shift", async () => {
  const { long, shift, texts } = await streamIntoLongThread(1);
  // A busy test machine may take the processor away for a moment; a slow widget is slow throughout.
  assert.ok(long.length <= 3, `long tasks: ${long} ms`);
  assert.equal(shift, 0, "layout shift");
  assert.ok(texts >= 40, `painted ${texts} times`);
});

Deno.test("on a slow phone nothing moves either, neither when a thread opens nor while it grows", async () => {
  const { shift, texts } = await streamIntoLongThread(4);
  assert.equal(shift, 0, "layout shift");
  assert.ok(texts >= 20, `painted ${texts} times`);
});

Deno.test("the visitor stops an answer, and asks again", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await visitor.ask("Tell me a long story");
  await visitor.play(`stage.say("Once upon a time");`);
  await page.locator("[data-role=assistant] p").waitFor();
  await page.locator("[part~=stop]").click();
  const stopped = page.locator("[data-role=assistant][data-status=cancelled]");
  await stopped.waitFor();
  assert.equal(await stopped.locator("[part~=text]").textContent(), "Once upon a time");
  assert.equal(await page.evaluate("stage.cancelled.length"), 1, "the Host was told");
  assert.ok(await page.locator("[part~=input]").evaluate(isFocused), "focus stays in the field");

  await stopped.locator("[part~=ask-again]").click();
  await page.locator("[data-role=assistant][data-status=streaming]").waitFor();
  await visitor.play(`stage.say("The end."); stage.done();`);
  await page.locator("[data-role=assistant][data-status=done]").waitFor();
  const roles = await page.locator("[part~=message]").evaluateAll((all) =>
    all.map((one) => one.getAttribute("data-role"))
  );
  assert.deepEqual(roles, ["user", "assistant"], "the stopped answer was replaced");
});

Deno.test("an answer that fails says why, with Retry; one that is cut off is marked", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await visitor.ask("First");
  await visitor.play(`stage.fail("model_unavailable", "No model");`);
  const failed = page.locator("[data-role=assistant][data-status=error]");
  await failed.waitFor();
  assert.match(await failed.locator("[part~=error]").innerText(), /model .* is not available/);
  assert.equal(
    await failed.locator("[part~=error]").getAttribute("data-code"),
    "model_unavailable",
  );
  await failed.locator("[part~=ask-again]", { hasText: "Retry" }).click();
  await visitor.play(`stage.say("Half an ans"); stage.drop();`);
  const cut = page.locator("[data-role=assistant][data-status=cut]");
  await cut.waitFor();
  assert.equal(await cut.locator("[part~=text]").textContent(), "Half an ans");
  await cut.getByText("The answer was cut off.").waitFor();
  await cut.locator("[part~=ask-again]", { hasText: "Ask again" }).waitFor();
});

Deno.test("the widget shows the queue, tools and reasoning of an answer", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await visitor.ask("Who are you?");
  await visitor.play(
    `stage.ui({type: "ACTIVITY_SNAPSHOT", messageId: "q", activityType: "queue", content: {position: 3, waiting: 4}});`,
  );
  await page.locator("[part~=queue]", { hasText: "number 3 in line" }).waitFor();
  await visitor.play(`stage.ui({type: "RUN_STARTED"}); stage.say("Let me think", "reasoning");
    stage.ui({type: "TOOL_CALL_START", toolCallId: "1", toolCallName: "share_contact"});`);
  await page.locator("[part~=queue]").waitFor({ state: "detached" });
  const tool = page.locator("[part~=tool][data-running=true]");
  await tool.getByText("Using share_contact").waitFor();
  await visitor.play(
    `stage.ui({type: "TOOL_CALL_RESULT", toolCallId: "1", messageId: "t", content: '{"name":"Ada"}'}); stage.say("Ada."); stage.done();`,
  );
  await page.locator("[part~=tool][data-running=false] summary").click();
  await page.locator("[part~=tool] pre", { hasText: `"name": "Ada"` }).waitFor();
  assert.equal(await page.locator("[part~=reasoning]").getAttribute("open"), null, "folded");
  await page.locator("[part~=reasoning] summary").click();
  await page.getByText("Let me think").waitFor();
});

Deno.test("a question that the page asks through the runtime is shown as it streams", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await visitor.play(`globalThis.sent = runtime.chat.send("From the page");`);
  await page.locator("[data-role=user]", { hasText: "From the page" }).waitFor();
  await visitor.play(`stage.say("I ");`);
  await visitor.play(`stage.say("see"); stage.done(); await sent;`);
  const answer = page.locator("[data-role=assistant][data-status=done]");
  await answer.waitFor();
  assert.equal(await answer.locator("[part~=text]").textContent(), "I see");
});

Deno.test("a new conversation begins empty, with the greeting and starters", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, {
    config: { ui: { title: "The Shop", greeting: "Welcome!", starters: ["Opening hours?"] } },
  });
  const { page } = visitor;
  assert.equal(await page.locator("[part~=title]").innerText(), "The Shop");
  await page.locator("[part~=greeting]", { hasText: "Welcome!" }).waitFor();
  await page.locator("[part~=starter]", { hasText: "Opening hours?" }).click();
  await page.locator("[data-role=user]", { hasText: "Opening hours?" }).waitFor();
  const messages = await page.evaluate("stage.requests[0].messages.map(({content}) => content)");
  assert.deepEqual(messages, ["Opening hours?"], "the greeting is not sent");
  await visitor.play(`stage.say("Nine to five."); stage.done();`);
  await page.locator("[data-status=done][data-role=assistant]").waitFor();
  await page.locator("[part~=new]").click();
  await page.locator("[part~=starter]").waitFor();
  assert.equal(await page.locator("[part~=message]").count(), 0);
});

Deno.test("a pod that cannot be reached says so, and comes back", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, {
    options: { refusal: { code: "origin_offline", message: "No Host is registered" } },
  });
  const { page } = visitor;
  await page.locator("[part~=root][data-state=offline]").waitFor();
  await page.locator("[part~=problem]", { hasText: "is offline" }).waitFor();
  // In one turn, before the widget tries again by itself and takes the button away.
  await page.locator("[part~=reconnect]").waitFor();
  await visitor.play(`
    const { shadowRoot } = [...document.querySelectorAll("*")].find((one) => one.shadowRoot);
    const button = () => shadowRoot.querySelector("[part~=reconnect]");
    while (!button()) await new Promise(requestAnimationFrame);
    stage.refusal = undefined;
    button().click();
  `);
  await page.locator("[part~=root][data-state=ready]").waitFor();
  assert.equal(await page.locator("[part~=problem]").count(), 0);
});

function isFocused(element: Element): boolean {
  const root = element.getRootNode();
  return root instanceof ShadowRoot && root.activeElement === element;
}
