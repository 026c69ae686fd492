import assert from "node:assert/strict";
import { launchBrowser } from "../browser.ts";
import { openStage, type StagePage } from "../fixtures/stage_page.ts";

/** Asks, and has it answered. */
async function exchange(visitor: StagePage, question: string, answer: string): Promise<void> {
  const answers = visitor.page.locator("[data-role=assistant][data-status=done]");
  const before = await answers.count();
  await visitor.ask(question);
  await visitor.play(`stage.say(${JSON.stringify(answer)}); stage.done();`);
  await answers.nth(before).waitFor();
}

async function texts({ page }: StagePage): Promise<string[]> {
  return await page.locator("[part~=message] [part~=text]").allInnerTexts();
}

Deno.test("past conversations are listed, opened again, and forgotten after a second word", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await exchange(visitor, "About oak", "Oak is hard.");
  await page.locator("[part~=new]").click();
  await exchange(visitor, "About pine", "Pine is soft.");

  await page.locator("[part~=menu]").click();
  const past = page.locator("[part~=past]");
  await past.first().waitFor();
  assert.deepEqual(await past.locator("span").allInnerTexts(), ["About pine", "About oak"]);
  assert.equal(await past.first().getAttribute("aria-current"), "true");
  await past.last().click();
  await page.locator("[part~=conversations]").waitFor({ state: "detached" });
  await page.locator("[data-role=assistant]", { hasText: "Oak is hard." }).waitFor();
  assert.deepEqual(await texts(visitor), ["About oak", "Oak is hard."]);

  await page.locator("[part~=menu]").click();
  await page.getByRole("button", { name: "Forget: About pine" }).press("Enter");
  await page.getByText("Forget it in this browser?").waitFor();
  await page.keyboard.press("Enter"); // the focus is on what does no harm
  assert.equal(await past.count(), 2);
  await page.getByRole("button", { name: "Forget: About pine" }).press("Enter");
  await page.locator("[part~=forget-yes]").click();
  await page.getByText("About pine").waitFor({ state: "detached" });
  assert.equal(await past.count(), 1);
  await page.keyboard.press("Escape");
  assert.deepEqual(await texts(visitor), ["About oak", "Oak is hard."]);
  assert.deepEqual(visitor.errors, []);
});

Deno.test("forgetting the conversation that is shown begins a new one", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await exchange(visitor, "About oak", "Oak is hard.");
  await page.locator("[part~=menu]").click();
  await page.locator("[part~=forget]").click();
  await page.locator("[part~=forget-yes]").click();
  await page.getByText("Nothing was said yet.").waitFor();
  await page.locator("[part~=close]").click();
  assert.equal(await page.locator("[part~=message]").count(), 0);
});

Deno.test("the transcript is saved as Markdown under a name that every system takes", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, { config: { name: "../Ada: <Shop> 1/2" } });
  const { page } = visitor;
  await exchange(visitor, "Oil?", "Use **linseed** oil.");
  await page.locator("[part~=menu]").click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("[part~=transcript-save]").click(),
  ]);
  assert.match(download.suggestedFilename(), /^Ada-Shop-1-2-\d{4}-\d\d-\d\d\.md$/);
  assert.equal(
    await Deno.readTextFile(await download.path()),
    "# Conversation with ../Ada: <Shop> 1/2\n\n## You\n\nOil?\n\n## ../Ada: <Shop> 1/2\n\n" +
      "Use **linseed** oil.\n",
  );
});

Deno.test("the transcript is copied", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await exchange(visitor, "Oil?", "Linseed.");
  await page.evaluate(() =>
    document.addEventListener("copy", (event) => {
      const [field] = event.composedPath();
      const copied = field instanceof HTMLTextAreaElement ? field.value : "";
      Object.assign(globalThis, { copied });
    })
  );
  await page.locator("[part~=menu]").click();
  await page.locator("[part~=transcript-copy]").click();
  await page.locator("[part~=status]", { hasText: "Copied" }).waitFor({ state: "attached" });
  const copied = await page.evaluate("globalThis.copied");
  assert.match(String(copied), /## You\n\nOil\?\n\n## Ada’s workshop\n\nLinseed\.\n$/);
});

Deno.test("a question is said otherwise and asked again: what followed it goes", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  await exchange(visitor, "Oil fro oak?", "What?");
  await exchange(visitor, "Forget it", "Fine.");
  const question = page.locator("[data-role=user]").first();
  await question.hover();
  await question.locator("[part~=edit]").click();
  const field = page.locator("[part~=edit-input]");
  assert.equal(await field.inputValue(), "Oil fro oak?");
  await field.press("Escape");
  await field.waitFor({ state: "detached" });
  assert.equal(await page.evaluate(focusedPart), "quiet edit");

  await page.keyboard.press("Enter");
  await field.fill("Oil for oak?");
  await field.press("Enter");
  await visitor.play(`stage.say("Linseed."); stage.done();`);
  await page.getByText("Linseed.").first().waitFor();
  assert.deepEqual(await texts(visitor), ["Oil for oak?", "Linseed."]);
  const asked = await page.evaluate(
    "stage.requests.at(-1).messages.map(({content}) => content)",
  );
  assert.deepEqual(asked, ["Oil for oak?"]);
});

Deno.test("a question that is being changed is in view with its buttons, however narrow the page", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, {
    context: { viewport: { width: 320, height: 480 } },
  });
  const { page } = visitor;
  // The thread stands at its end, with the question at the upper edge or at the lower.
  for (const answer of ["Line\n\n".repeat(5), "Short."]) {
    await exchange(visitor, "Oil fro oak?", answer);
    const question = page.locator("[data-role=user]").last();
    await question.hover();
    await question.locator("[part~=edit]").click();
    const field = page.locator("[part~=edit-input]");
    for (const text of ["Oil for oak?", "Oil for oak?\n".repeat(7)]) {
      await field.fill(text);
      await page.waitForFunction(isWhollyInView);
    }
    await field.press("Escape");
    await field.waitFor({ state: "detached" });
  }
});

/** Runs in the page: whether the editor lies within the thread's box. */
function isWhollyInView(): boolean {
  const root = document.getElementById("pod")?.shadowRoot;
  const [log, editor] = ["log", "editor"].map((part) =>
    root?.querySelector(`[part~=${part}]`)?.getBoundingClientRect()
  );
  return log !== undefined && editor !== undefined && editor.height > 80 &&
    editor.top >= log.top && editor.bottom <= log.bottom;
}

Deno.test("what is not sent yet is there after a reload, and gone once it is sent", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  const field = page.locator("[part~=input]");
  await field.fill("Half a ques");
  await visitor.reload();
  assert.equal(await field.inputValue(), "Half a ques");
  await field.press("Enter");
  await page.locator("[data-role=user]").waitFor();
  await visitor.reload();
  assert.equal(await field.inputValue(), "");
});

Deno.test("a browser that keeps nothing has a widget all the same", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, {
    script: `for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, { get() { throw new DOMException("", "SecurityError"); } });
    }`,
    options: { mode: "launcher" },
  });
  const { page } = visitor;
  await page.locator("[part~=launcher]").click();
  await exchange(visitor, "Hello", "Hi.");
  await page.locator("[part~=close]").click();
  assert.deepEqual(visitor.errors, []);
});

Deno.test("the focus stays in the widget when what had it goes away", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, { config: { ui: { starters: ["Hours?"] } } });
  const { page } = visitor;
  await page.locator("[part~=starter]").press("Enter");
  await visitor.play(`stage.say("Nine to"); stage.drop();`);
  assert.equal(await page.evaluate(focusedPart), "log");
  await page.locator("[part~=ask-again]").press("Enter");
  await page.locator("[data-role=assistant][data-status=streaming]").waitFor();
  assert.equal(await page.evaluate(focusedPart), "log");
});

/** Runs in the page: the classes of the element that has the focus. */
function focusedPart(): string {
  return document.getElementById("pod")?.shadowRoot?.activeElement?.className ?? "";
}
