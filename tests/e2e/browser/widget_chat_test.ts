import assert from "node:assert/strict";
import { launchBrowser } from "../browser.ts";
import { openStage } from "../fixtures/stage_page.ts";

Deno.test("the widget shows an answer as it comes, and says when it is whole", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await page.locator("[part~=root][data-state=ready]").waitFor();
  await page.locator("#pod[data-state=ready]").waitFor(); // told once the frame is painted

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

Deno.test("the same words are said to a screen reader each time they are an answer", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await page.locator("[part~=status]").evaluate((region) => {
    const said: (string | null)[] = [];
    Object.assign(globalThis, { said });
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const { textContent } of addedNodes) said.push(textContent);
      }
    }).observe(region, { childList: true, subtree: true });
  });
  const list = "- one\n  more\n- two\n\n```js\nf();\n```\n";
  for (const answer of ["Yes.", "Yes.", list]) {
    await visitor.ask("Is it oak?");
    await visitor.play(`stage.say(${JSON.stringify(answer)}); stage.done();`);
    await page.locator("[part~=root][data-state=ready]").waitFor();
  }
  await page.waitForFunction("said.length >= 3");
  // Block by block, and without the name of a button in it.
  assert.deepEqual(await page.evaluate("said"), ["Yes.", "Yes.", "one\nmore\ntwo\nf();"]);

  // Of a long one not all is said, but why it ended is.
  await visitor.ask("And a story?");
  await visitor.play(`stage.say("word ".repeat(2_000)); stage.fail("model_unavailable", "None");`);
  await page.locator("[part~=status]", { hasText: /^word [^]*model .* is not available/ })
    .waitFor();
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
  await page.locator("[part~=status]", { hasText: /model .* is not available/ }).waitFor();
  await failed.locator("[part~=ask-again]", { hasText: "Retry" }).click();
  await visitor.play(`stage.say("Half an ans"); stage.drop();`);
  const cut = page.locator("[data-role=assistant][data-status=cut]");
  await cut.waitFor();
  assert.equal(await cut.locator("[part~=text]").textContent(), "Half an ans");
  await cut.getByText("The answer was cut off.").waitFor();
  await page.locator("[part~=status]", { hasText: /Half an ans\s*The answer was cut off/ })
    .waitFor();
  await cut.locator("[part~=ask-again]", { hasText: "Ask again" }).waitFor();
});

Deno.test("an answer is copied as Markdown, and a block of code by its own button", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await page.evaluate(() =>
    document.addEventListener("copy", (event) => {
      const [field] = event.composedPath();
      const copied = field instanceof HTMLTextAreaElement ? field.value : "";
      Object.assign(globalThis, { copied });
    })
  );
  await visitor.ask("Code, please");
  const answer = "Use **this**:\n\n```js\nconst a = '<b>';\nf(a);\n```\n";
  await visitor.play(`stage.say(${JSON.stringify(answer)});`);
  // While it streams, too.
  await Promise.all([ // it says so for two seconds
    page.getByRole("button", { name: "Copied" }).waitFor(),
    page.getByRole("button", { name: "Copy code" }).click(),
  ]);
  assert.equal(await page.evaluate("copied"), "const a = '<b>';\nf(a);");
  await visitor.play(`stage.done();`);
  await Promise.all([
    page.locator("[part~=copy][aria-label=Copied]").waitFor(),
    page.locator("[part~=status]", { hasText: "Copied" }).waitFor({ state: "attached" }),
    page.getByRole("button", { name: "Copy", exact: true }).press("Enter"),
  ]);
  assert.equal(await page.evaluate("copied"), answer);
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
