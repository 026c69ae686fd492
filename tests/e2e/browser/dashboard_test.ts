import assert from "node:assert/strict";
import type { Page } from "../../libraries/playwright.ts";
import { barriersOn } from "../../libraries/axe.ts";
import { launchBrowser } from "../browser.ts";
import { onlinePod } from "../fixtures/dashboard_host.ts";
import { CONVERSATION, openDashboard, REMEMBERED } from "../fixtures/dashboard_page.ts";

/** Opens the pod `hello`, and a conversation of it. */
async function follow(page: Page, conversation?: string): Promise<void> {
  await page.locator("[data-pod=hello]").click();
  if (conversation === undefined) return;
  await page.locator(`[data-conversation="${conversation}"]`).click();
  await page.locator(".message").first().waitFor();
}

const delta = (text: string) => ({ type: "TEXT_MESSAGE_CONTENT", messageId: "m", delta: text });

Deno.test("the dashboard shows pods and their state, and follows it as it changes", async () => {
  await using browser = await launchBrowser();
  await using dashboard = await openDashboard(browser);
  const { host, page } = dashboard;
  const pod = page.locator("[data-pod=hello]");
  assert.match(await pod.innerText(), /Hello pod\s+Online · 1 visitor/);

  const [hello] = host.state.pods;
  assert.ok(hello);
  Object.assign(hello, { status: "error", signalState: "refused", lastError: "It is not yours" });
  host.emit({ scope: "pod", podId: "hello" }, { type: "pod_error", message: "It is not yours" });
  await page.locator("[data-pod=hello][data-status=error]").waitFor();
  await page.locator(".activity-row[data-problem=true]", { hasText: "It is not yours" }).waitFor();
  await page.locator("[data-tile=broker][data-tone=bad]", { hasText: "1 of 2" }).waitFor();
  await pod.click();
  await page.locator(".pod-problem", { hasText: "It is not yours" }).waitFor();

  host.state.pods.push(onlinePod("third", { name: "Third" }));
  host.emit({ scope: "host" }, { type: "pod_added", podId: "third" });
  await page.locator("[data-pod=third]").waitFor();
  assert.deepEqual(dashboard.errors, []);
});

Deno.test("a conversation streams as it happens, with its tools, its queue and its errors", async () => {
  await using browser = await launchBrowser();
  await using dashboard = await openDashboard(browser);
  const { host, page } = dashboard;
  await follow(page, CONVERSATION);
  await page.locator(".message", { hasText: "Earlier!" }).waitFor();
  const last = page.locator(".message").last();

  host.say("hello", CONVERSATION, { type: "user", content: "Who are you?" });
  await page.locator("[data-role=user]", { hasText: "Who are you?" }).waitFor();
  const queue = (position: number) => ({
    type: "ACTIVITY_SNAPSHOT",
    messageId: "q",
    activityType: "queue",
    content: { position, waiting: 3 },
  });
  host.ui("hello", CONVERSATION, queue(3));
  await last.getByText("number 3 in line").waitFor();
  host.ui("hello", CONVERSATION, queue(0));
  const call = { toolCallId: "t", name: "share_contact" };
  host.say("hello", CONVERSATION, { type: "tool_call", ...call, input: { who: "Mia" } });
  await last.locator(".tool[data-running=true]").waitFor();
  host.say("hello", CONVERSATION, { type: "tool_result", ...call, output: { mail: "m@x.org" } });
  await last.locator(".tool[data-running=false]").click();
  await last.getByText(`"mail": "m@x.org"`).waitFor();
  host.ui("hello", CONVERSATION, delta("I am **Mi"));
  await last.getByText("Mi", { exact: false }).first().waitFor();
  host.ui("hello", CONVERSATION, delta("a**."));
  await last.locator("strong", { hasText: "Mia" }).waitFor();
  assert.equal(await last.getAttribute("data-status"), "streaming");
  host.say("hello", CONVERSATION, {
    type: "assistant",
    content: "I am **Mia**.",
    status: "done",
  });
  await page.locator(".message[data-status=done]").nth(3).waitFor();
  assert.equal(await last.locator(".text").innerText(), "I am Mia.");

  host.say("hello", CONVERSATION, { type: "user", runId: "2", content: "And now?" });
  const error = { type: "error", runId: "2", code: "model_unavailable", message: "No model." };
  host.say("hello", CONVERSATION, error);
  await page.locator(".message[data-status=error]", { hasText: "No model." }).waitFor();
  await page.locator(".typing").waitFor({ state: "detached" });
  assert.deepEqual(dashboard.errors, []);
});

Deno.test("what visitors and models write is shown and never becomes part of the page", async () => {
  await using browser = await launchBrowser();
  await using dashboard = await openDashboard(browser);
  const { host, page } = dashboard;
  const evil = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>[x](javascript:hit)`;
  const [hello] = host.state.pods;
  assert.ok(hello);
  Object.assign(hello, { name: evil, lastError: evil, model: evil });
  host.emit({ scope: "pod", podId: "hello" }, { type: "pod_error", message: evil });
  await follow(page, CONVERSATION);
  host.say("hello", CONVERSATION, { type: "user", content: evil });
  const call = { toolCallId: "t", name: evil };
  host.say("hello", CONVERSATION, { type: "tool_call", ...call, input: evil });
  host.say("hello", CONVERSATION, { type: "tool_result", ...call, output: evil });
  host.say("hello", CONVERSATION, { type: "assistant", content: evil, status: "done" });
  await page.locator(".message[data-status=done]").nth(3).waitFor();
  assert.equal(await page.locator(".root img, .root script, .root [href^=javascript]").count(), 0);
  assert.equal(await page.evaluate(() => "hit" in window), false);
  assert.deepEqual(dashboard.errors, []);
});

Deno.test("an owner talks to a pod, and the answer comes on the event stream", async () => {
  await using browser = await launchBrowser();
  await using dashboard = await openDashboard(browser);
  const { host, page } = dashboard;
  await follow(page);
  const field = page.locator(".composer textarea");
  await field.fill("Hello?");
  await field.press("Enter");
  await page.waitForFunction(`document.querySelector(".composer textarea").value === ""`);
  assert.deepEqual(host.asked, [`POST /pods/hello/chat {"message":"Hello?"}`]);
  host.say("hello", "local:mine", { type: "user", content: "Hello?" });
  host.ui("hello", "local:mine", delta("Hi."));
  await page.locator("[data-role=assistant]", { hasText: "Hi." }).waitFor();
  host.say("hello", "local:mine", { type: "assistant", content: "Hi.", status: "done" });
  await page.locator("[data-role=assistant][data-status=done]").waitFor();
  assert.equal(await page.locator("[data-conversation^='local:']").count(), 0);
  assert.deepEqual(dashboard.errors, []);
});

Deno.test("pods are added by their folder, paused, resumed, restarted and removed", async () => {
  await using browser = await launchBrowser();
  await using dashboard = await openDashboard(browser);
  const { host, page } = dashboard;
  await page.locator(".add-pod").click();
  await page.locator("input[name=dir]:focus").fill("nowhere");
  await page.keyboard.press("Enter");
  await page.locator("dialog [role=alert]", { hasText: "there is no such folder" }).waitFor();
  await page.locator("input[name=dir]").fill("/pods/new");
  await page.locator("input[name=model]").fill("llama3.2");
  await page.keyboard.press("Enter");
  await page.locator("dialog").waitFor({ state: "detached" });
  await page.locator("[data-pod=new][aria-current]").waitFor();

  const action = (name: string) => page.locator(`[data-action=${name}]`);
  await action("pause").click();
  await page.locator("[data-pod=new][data-status=paused]").waitFor();
  await action("resume").click();
  await page.locator("[data-pod=new][data-status=running]").waitFor();
  await action("restart").click();
  await page.locator("[data-action=restart][aria-disabled=false]").waitFor();
  await action("stop").click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.locator("dialog").waitFor({ state: "detached" });
  await action("stop").click();
  await page.locator("dialog .primary").click();
  await page.locator("[data-pod=new]").waitFor({ state: "detached" });
  await page.locator(".overview").waitFor();
  assert.deepEqual(host.asked, [
    `POST /pods {"dir":"nowhere"}`,
    `POST /pods {"dir":"/pods/new","model":"llama3.2"}`,
    "POST /pods/new/pause",
    "POST /pods/new/resume",
    "POST /pods/new/restart",
    "POST /pods/new/stop",
  ]);
});

Deno.test("what is remembered of a conversation can be read, and forgotten when confirmed", async () => {
  await using browser = await launchBrowser();
  await using dashboard = await openDashboard(browser);
  const { host, page } = dashboard;
  await follow(page, REMEMBERED);
  await page.locator(".message", { hasText: "Long ago!" }).waitFor();
  await page.locator(".forget").click();
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.deepEqual(host.asked, []);
  await page.locator(".forget").click();
  await page.locator("dialog .primary").click();
  await page.locator(`[data-conversation="${REMEMBERED}"]`).waitFor({ state: "detached" });
  assert.deepEqual(host.asked, [`DELETE /pods/hello/conversations/${REMEMBERED}`]);
  assert.equal(host.state.messages[`hello ${REMEMBERED}`], undefined);
});

Deno.test("the page says when the Host is gone, and is live again by itself with a new token", async () => {
  await using browser = await launchBrowser();
  await using dashboard = await openDashboard(browser);
  const { host, page } = dashboard;
  await follow(page, CONVERSATION);
  host.say("hello", CONVERSATION, { type: "user", content: "Are you there?" });
  await page.locator(".message[data-status=streaming]").waitFor();
  host.emit({ scope: "host" }, { type: "host_stopping" });
  await page.locator(".message", { hasText: "Are you there?" }).waitFor();
  await host.stop();
  await page.locator(".lost", { hasText: "The Host was stopped" }).waitFor();
  await page.locator("[data-chip=link][data-tone=bad]").waitFor();

  host.state.pods = [onlinePod("hello", { name: "Back again" })];
  host.start();
  await page.locator(".root[data-link=live]").waitFor();
  await page.locator(".lost").waitFor({ state: "detached" });
  await page.locator("[data-pod=hello]", { hasText: "Back again" }).waitFor();
  assert.equal(await page.locator("[data-pod=other]").count(), 0);
  await page.locator(".message", { hasText: "Earlier!" }).waitFor();
  assert.equal(await page.locator(".message[data-status=streaming]").count(), 0);
  host.say("hello", CONVERSATION, { type: "user", runId: "3", content: "Still here" });
  await page.locator(".message", { hasText: "Still here" }).waitFor();
  assert.deepEqual(dashboard.errors, []);
});

Deno.test("nothing on the page grows without bound, whatever happens", async () => {
  await using browser = await launchBrowser();
  await using dashboard = await openDashboard(browser);
  const { host, page } = dashboard;
  await follow(page, CONVERSATION);
  for (let i = 0; i < 400; i++) {
    const runId = `r${i}`;
    host.say("hello", CONVERSATION, { type: "user", runId, content: `Question ${i}` });
    host.say("hello", CONVERSATION, {
      type: "assistant",
      runId,
      content: `Answer ${i}`,
      status: "done",
    });
    host.say("hello", `visitor-${i}`, { type: "user", runId: `v${i}`, content: "x" });
    host.emit({ scope: "pod", podId: "hello" }, { type: "peer_joined", peerId: `${i}` });
  }
  await page.locator(".message", { hasText: "Answer 399" }).waitFor();
  assert.ok(await page.locator(".message").count() <= 200);
  await page.locator(".nav-item").first().click();
  await page.locator(".activity-row").first().waitFor();
  assert.ok(await page.locator(".activity-row").count() <= 150);
  assert.deepEqual(dashboard.errors, []);
});

Deno.test("everything can be reached and done with the keyboard", async () => {
  await using browser = await launchBrowser();
  await using dashboard = await openDashboard(browser);
  const { page } = dashboard;
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "content");

  await page.locator(".nav-item").first().focus();
  await page.keyboard.press("ArrowDown");
  assert.match(await focused(), /Hello pod/);
  await page.keyboard.press("End");
  assert.match(await focused(), /Other pod/);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.locator(".pod-title", { hasText: "Hello pod" }).waitFor();
  const ring = await page.evaluate(() =>
    document.activeElement && getComputedStyle(document.activeElement).outlineStyle
  );
  assert.equal(ring, "solid", "the focus can be seen");

  await page.locator("[data-action=pause]").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.equal(await focused(), "Remove", "the focus comes back");

  await page.locator(".row.own").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator(".message", { hasText: "Earlier!" }).waitFor();
  await page.goBack();
  await page.locator(".row.own[aria-current]").waitFor();
});

Deno.test("the page fits from 390 to 1920 pixels, light and dark, and has no barriers", async () => {
  await using browser = await launchBrowser();
  for (const [width, height] of [[390, 844], [768, 1024], [1280, 800], [1920, 1080]] as const) {
    for (const colorScheme of ["light", "dark"] as const) {
      await using dashboard = await openDashboard(browser, {
        viewport: { width, height },
        colorScheme,
        reducedMotion: "reduce",
      });
      const { host, page } = dashboard;
      const look = async (what: string) => {
        const where = `${what} at ${width}, ${colorScheme}`;
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${where}: ${wide} px wide`);
        assert.deepEqual(await barriersOn(page), [], where);
      };
      host.emit({ scope: "host" }, { type: "queue_changed", url: "u", running: 1, waiting: 2 });
      host.emit({ scope: "pod", podId: "other" }, { type: "pod_error", message: "broken" });
      await page.locator("[data-chip=queue][data-tone=waiting]").waitFor();
      await look("home");
      await page.locator(".nav-item").first().click();
      await look("overview");
      if (width < 768) await page.locator(".brand").click();
      await follow(page);
      await look("pod");
      await page.locator(`[data-conversation="${CONVERSATION}"]`).click();
      host.say("hello", CONVERSATION, { type: "user", content: "w".repeat(300) });
      host.ui("hello", CONVERSATION, delta(`| ${"x".repeat(200)} | y |\n|---|---|\n| a | b |\n`));
      await page.locator(".markdown table").waitFor();
      await look("conversation");
      await page.locator(".forget").click();
      await page.locator("dialog[open]").waitFor();
      await look("dialog");
    }
  }
});

Deno.test("the page speaks German where the browser does, and keeps the chosen appearance", async () => {
  await using browser = await launchBrowser();
  await using dashboard = await openDashboard(browser, {
    locale: "de-DE",
    viewport: { width: 390, height: 844 },
  });
  const { page } = dashboard;
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  await page.getByRole("button", { name: "Pod hinzufügen" }).waitFor();
  const chips = await page.locator(".chip-label").evaluateAll((labels) =>
    labels.map((label) => label.scrollWidth <= label.clientWidth)
  );
  assert.deepEqual(chips, [true, true, true], "the longer words have room");
  const theme = page.getByRole("button", { name: /^Darstellung/ });
  await theme.click();
  await theme.click();
  assert.equal(await theme.getAttribute("aria-label"), "Darstellung: Dunkel");
  await page.reload();
  await page.locator("html[data-theme=dark]").waitFor();
});

Deno.test("in the frame of another page the dashboard stays empty", async () => {
  await using browser = await launchBrowser();
  await using dashboard = await openDashboard(browser);
  const { host } = dashboard;
  const outside = await browser.newPage();
  await outside.setContent(`<iframe src="${host.url}"></iframe>`);
  const frame = outside.frameLocator("iframe");
  await frame.locator("noscript").waitFor({ state: "attached" });
  assert.equal(await frame.locator(".root").count(), 0);
  await outside.close();
});
