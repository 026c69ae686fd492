import assert from "node:assert/strict";
import { launchBrowser } from "../browser.ts";
import { eventually } from "../eventually.ts";
import { openStage } from "../fixtures/stage_page.ts";

Deno.test("Enter sends, Shift+Enter breaks the line, and Enter of an input method does neither", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  const field = page.locator("[part~=input]");
  await field.click();
  await field.pressSequentially("one");
  await field.press("Shift+Enter");
  await field.pressSequentially("two");
  assert.equal(await field.inputValue(), "one\ntwo");
  // Safari says it by the key's code alone.
  for (const how of [{ isComposing: true }, { keyCode: 229 }]) {
    await field.evaluate((element, how) =>
      element.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...how }),
      ), how);
    assert.equal(await page.locator("[data-role=user]").count(), 0, JSON.stringify(how));
  }
  await field.press("Enter");
  await page.locator("[data-role=user]").waitFor();
  assert.equal(await page.locator("[data-role=user] [part~=text]").innerText(), "one\ntwo");
  assert.equal(await field.inputValue(), "");
});

Deno.test("what is written while an answer comes is kept, and nothing empty is sent", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  const field = page.locator("[part~=input]");
  await visitor.ask("   ");
  assert.equal(await page.locator("[part~=message]").count(), 0);
  await visitor.ask("First");
  await visitor.ask("Second, too early");
  assert.equal(await field.inputValue(), "Second, too early");
  await visitor.play(`stage.done();`);
  await page.locator("[part~=send]").click();
  await page.locator("[data-role=user]", { hasText: "Second" }).waitFor();
});

Deno.test("Enter that chooses what an input method proposes sends nothing", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  const field = page.locator("[part~=input]");
  await field.click();
  const keyboard = await page.context().newCDPSession(page);
  await keyboard.send("Input.imeSetComposition", {
    text: "にほんご",
    selectionStart: 4,
    selectionEnd: 4,
  });
  await eventually("it is composed", async () => await field.inputValue() === "にほんご");
  // The page hears of the key, and gets no line break of it: the input method took it.
  for (const type of ["rawKeyDown", "keyUp"] as const) {
    await keyboard.send("Input.dispatchKeyEvent", { type, key: "Enter", code: "Enter" });
  }
  assert.equal(await page.locator("[data-role=user]").count(), 0);
  await keyboard.send("Input.insertText", { text: "日本語" });
  await eventually("it is chosen", async () => await field.inputValue() === "日本語");
  await page.keyboard.press("Enter");
  await page.locator("[data-role=user]", { hasText: "日本語" }).waitFor();
  assert.equal(await field.inputValue(), "");
});

Deno.test("the field grows with what is written, up to a part of the chat, and shrinks again", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  const field = page.locator("[part~=input]");
  const lines = async (count: number) => {
    await field.fill("line\n".repeat(count - 1) + "line");
    return await field.evaluate((one) => [one.clientHeight, one.scrollHeight, one.clientWidth]);
  };
  const [one = 0] = await lines(1);
  const [four = 0, fourWanted] = await lines(4);
  assert.ok(four > one * 2, `one line ${one} px, four ${four} px`);
  assert.equal(four, fourWanted, "nothing of it is hidden");
  const [many = 0, manyWanted = 0] = await lines(60);
  assert.ok(many > four && many <= 280, `sixty ${many} px`);
  assert.ok(manyWanted > many, "the rest is scrolled to");
  const log = await page.locator("[part~=log]").boundingBox();
  assert.ok(log && log.height > 280, "the thread keeps most of the chat");
  await field.press("Enter");
  await page.locator("[data-role=user]").waitFor();
  assert.equal(await field.evaluate((one) => one.clientHeight), one);
});
