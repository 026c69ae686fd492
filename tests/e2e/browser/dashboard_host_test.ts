import assert from "node:assert/strict";
import { join } from "node:path";
import { createLogger } from "../../../src/base/mod.ts";
import { Host } from "../../../src/host/mod.ts";
import { barriersOn } from "../../libraries/axe.ts";
import type { Page } from "../../libraries/playwright.ts";
import { launchBrowser } from "../browser.ts";
import { startHostSetup } from "../host_setup.ts";
import { Gate, startModelEndpoint } from "../model_endpoint.ts";

/** Opens the dashboard that a Host serves; returns what went wrong in it, so far and later. */
async function openDashboard(page: Page, host: Host): Promise<string[]> {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
  await page.goto(`http://localhost:${host.port()}/`);
  await page.locator(".root[data-link=live]").waitFor();
  return errors;
}

Deno.test("a visitor's conversation is seen on the Host's dashboard while it is spoken", async () => {
  const gate = new Gate();
  await using endpoint = startModelEndpoint();
  await using setup = await startHostSetup(endpoint.url, { headless: false, parallel: 1 });
  await setup.serve("hello");
  await using browser = await launchBrowser();
  const page = await browser.newPage({
    viewport: { width: 1600, height: 900 },
    reducedMotion: "reduce", // colours are looked at as they are, not half-way to others
  });
  const errors = await openDashboard(page, setup.host);
  await page.locator("[data-pod=hello][data-tone=good]").waitFor();
  await page.locator("[data-tile=model][data-tone=good]", { hasText: "1 model" }).waitFor();
  await page.locator("[data-tile=broker]", { hasText: "1 of 1 connected" }).waitFor();

  const conversationId = "visitor-0123456789-0123456789";
  await using visitor = await setup.visit("hello", { conversationId });
  await page.locator("[data-pod=hello]", { hasText: "1 visitor" }).click();
  await page.locator(`[data-conversation="${conversationId}"][data-live=true]`).click();
  await page.getByText("Nothing was said yet.").first().waitFor();

  endpoint.next({ tokens: ["One ", "**two** ", "three."], pace: gate.pace });
  const answer = visitor.ask("Count, please");
  await page.locator(".message[data-role=user]", { hasText: "Count, please" }).waitFor();
  gate.open(2);
  const last = page.locator(".message").last();
  await last.locator("strong", { hasText: "two" }).waitFor();
  assert.equal(await last.getAttribute("data-status"), "streaming");
  await page.locator("[data-chip=queue]", { hasText: "1 answering" }).waitFor();

  // The only place is taken: the owner's own question waits behind the visitor's.
  await page.locator(".row.own").click();
  await page.locator(".composer textarea").fill("And me?");
  await page.locator(".composer textarea").press("Enter");
  await page.locator(".message .queue", { hasText: "next in line" }).waitFor();
  await page.locator("[data-chip=queue]", { hasText: "1 waiting" }).waitFor();
  // A page that comes later has seen none of the events that told of it.
  await using later = await browser.newPage();
  await openDashboard(later, setup.host);
  await later.locator("[data-chip=queue]", { hasText: "1 waiting" }).waitFor();
  gate.open();
  assert.equal((await answer).text, "One **two** three.");
  await page.locator(".message[data-role=assistant][data-status=done]", {
    hasText: "Hello from the endpoint.",
  }).waitFor();
  await page.locator("[data-chip=queue]", { hasText: "Idle" }).waitFor();
  assert.deepEqual(await barriersOn(page), []);

  await page.locator(`[data-conversation="${conversationId}"]`).click();
  await page.locator(".message[data-status=done]", { hasText: "One two three." }).waitFor();
  await page.reload();
  await page.locator(".message[data-status=done]", { hasText: "One two three." }).waitFor();

  await page.locator(".forget").click();
  await page.locator("dialog .primary").click();
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.deepEqual(
    setup.host.conversations.list("hello").map((one) => one.conversationId),
    ["local:dashboard"],
  );
  assert.deepEqual(errors, []);
});

Deno.test("pods are added, paused, resumed and removed on the dashboard of a Host", async () => {
  await using endpoint = startModelEndpoint();
  await using setup = await startHostSetup(endpoint.url, { headless: false });
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  const errors = await openDashboard(page, setup.host);
  await page.getByText("No pods yet").waitFor();
  await page.locator(".add-pod").click();
  await page.locator("input[name=dir]").fill(join(setup.folder, "nowhere"));
  await page.keyboard.press("Enter");
  await page.locator("dialog [role=alert]").waitFor();
  await page.locator("input[name=dir]").fill(await setup.writePod("hello"));
  await page.keyboard.press("Enter");
  await page.locator("[data-pod=hello][data-status=running]").waitFor();
  await page.locator("[data-action=pause]").click();
  await page.locator("[data-pod=hello][data-status=paused]").waitFor();
  await page.getByText("is not online, so it cannot answer").waitFor();
  await page.locator("[data-action=resume]").click();
  await page.locator("[data-pod=hello][data-status=running]").waitFor();
  await page.locator("[data-action=restart]").click();
  await page.locator("[data-action=restart][aria-disabled=false]").waitFor();
  await page.locator("[data-pod=hello][data-status=running]").waitFor();
  await page.locator("[data-action=stop]").click();
  await page.locator("dialog .primary").click();
  await page.locator("[data-pod=hello]").waitFor({ state: "detached" });
  assert.equal(setup.host.registry.get("hello"), undefined);
  assert.deepEqual(errors, []);
});

Deno.test("a failing model is seen, and a Host that is restarted is found again", async () => {
  await using endpoint = startModelEndpoint();
  await using setup = await startHostSetup(endpoint.url, { headless: false });
  await setup.serve("hello");
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  const errors = await openDashboard(page, setup.host);
  await page.locator("[data-pod=hello]").click();
  await endpoint.stop();
  await page.locator(".composer textarea").fill("Anybody?");
  await page.locator(".composer textarea").press("Enter");
  await page.locator("[data-role=assistant][data-status=error]").waitFor();
  await page.locator("[data-chip=model][data-tone=bad]").waitFor();

  const port = setup.host.port();
  await setup.host.shutdown();
  await page.locator(".lost", { hasText: "The Host was stopped" }).waitFor();
  await using again = new Host({
    ollamaUrl: endpoint.url,
    home: join(setup.folder, "home"),
    port,
    logger: createLogger({ name: "host", write: () => {} }),
  });
  await again.start();
  await again.addPodFromDir(join(setup.folder, "hello"));
  await page.locator(".root[data-link=live]").waitFor();
  await page.locator("[data-pod=hello][data-status=running]").waitFor();
  await page.locator(".message[data-role=user]", { hasText: "Anybody?" }).waitFor();
  assert.deepEqual(errors, []);
});
