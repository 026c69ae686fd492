import assert from "node:assert/strict";
import { join } from "node:path";
import { barriersOn } from "../../libraries/axe.ts";
import type { Page } from "../../libraries/playwright.ts";
import { launchBrowser } from "../browser.ts";
import { start } from "../processes.ts";
import { openPage } from "./page.ts";

const SERVER = join(import.meta.dirname ?? ".", "../../../src/cli/dev_server.ts");

/** The playground in a process of its own, with the scripted model. */
async function startServer() {
  const argv = [Deno.execPath(), "run", "-A", "--quiet", SERVER];
  const server = start([...argv, "--provider", "demo", "--port", "0"], {
    env: { ...Deno.env.toObject(), NO_COLOR: "1" },
  });
  const [, url = ""] = await server.line(/The playground: +(http:\S+)/);
  return { url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Asserts that the page fits its window, has no barrier, and asked nobody but this machine. */
async function assertWellMade(page: Page): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await barriersOn(page), [], `${page.url()} ${colorScheme}`);
  }
  for (const width of [320, 768, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wider <= 0, `${page.url()} is ${wider} px wider than ${width}`);
  }
  const asked = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => new URL(name).hostname)
  );
  assert.deepEqual(asked.filter((name) => name !== "127.0.0.1"), []);
}

/** Runs in the page: whether a box shows the end of what is in it, which is more than fits. */
function isAtEnd(selector: string): boolean {
  const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = document.querySelector(selector) ??
    {};
  return scrollTop > 0 && scrollHeight - scrollTop - clientHeight < 2;
}

/** Runs in the page: settles in the turn in which an answer's first words are shown. */
function answerBegins(): Promise<void> {
  return new Promise((resolve) => {
    new MutationObserver((_, observer) => {
      const shown = document.querySelector("#thread [data-status=streaming]")?.textContent ?? "…";
      if (shown === "…") return;
      observer.disconnect();
      resolve();
    }).observe(document, { childList: true, subtree: true });
  });
}

Deno.test("the playground", async (t) => {
  await using server = await startServer();
  await using browser = await launchBrowser();

  await t.step(
    "/ is the full chain: the page sees each step, the card and the events",
    async () => {
      await using visitor = await openPage(browser, server.url);
      const { page } = visitor;
      await visitor.state("ready");
      await visitor.ask("What is a pod?");
      await visitor.answered(1);
      assert.match(await page.locator("#card").innerText(), /Demo pod/);
      const steps = await page.locator("#steps li span:first-child").allInnerTexts();
      for (const step of ["data-channel-open", "signed-frame-verified", "ready"]) {
        assert.ok(steps.includes(step), `no ${step} in ${steps}`);
      }
      await page.locator("#events").getByText("RunFinished").waitFor();
      for (const list of ["#steps", "#events"]) await page.waitForFunction(isAtEnd, list);
      assert.equal(await page.locator("#status").getAttribute("data-phase"), "ready");
      await assertWellMade(page);
      assert.deepEqual(visitor.errors, []);
    },
  );

  await t.step("/selftest.html signs, verifies and tampers, and all of it holds", async () => {
    await using visitor = await openPage(browser, `${server.url}selftest.html`);
    const { page } = visitor;
    await page.locator("#summary[data-outcome]").waitFor();
    const outcomes = await page.locator("[data-outcome]").allInnerTexts();
    assert.equal(outcomes.pop(), `All ${outcomes.length} hold.`);
    assert.ok(outcomes.length >= 10 && outcomes.every((one) => one === "pass"), `${outcomes}`);
    await assertWellMade(page);
    assert.deepEqual(visitor.errors, []);
  });

  await t.step("/embed.html: a hostile style sheet reaches nothing of the widgets", async () => {
    await using peaceful = await openPage(browser, server.url);
    await using hostile = await openPage(browser, `${server.url}embed.html`);
    await peaceful.state("ready");
    await hostile.state("ready");
    const looks = (page: Page, host: string) =>
      page.locator(`${host} [part]`).evaluateAll((parts) =>
        parts.filter((part) => part.checkVisibility()).map((part) => {
          const style = getComputedStyle(part);
          const names = [
            "display",
            "position",
            "color",
            "backgroundColor",
            "font",
            "cursor",
          ] as const;
          const more = [
            "letterSpacing",
            "textAlign",
            "textTransform",
            "borderStyle",
            "opacity",
          ] as const;
          return [part.getAttribute("part"), ...[...names, ...more].map((name) => style[name])]
            .join(" | ");
        })
      );
    await peaceful.page.locator("#pod [part~=input]").waitFor();
    await peaceful.page.mouse.move(0, 0);
    await hostile.page.mouse.move(0, 0);
    const expected = await looks(peaceful.page, "#pod");
    assert.ok(expected.length > 5, `${expected.length} parts`);
    for (const id of ["#painted", "#reset"]) {
      await hostile.page.locator(`${id} [part~=root][data-state=ready]`).waitFor();
      assert.deepEqual(await looks(hostile.page, id), expected, id);
      const [root, host] = await Promise.all(
        [`${id} [part~=root]`, id].map((one) => hostile.page.locator(one).boundingBox()),
      );
      assert.ok(root && host && root.height > 400 && root.width > 300, JSON.stringify(root));
      assert.ok(root.y >= host.y && root.height <= host.height, "it lies in its own place");
    }

    const launcher = hostile.page.locator("gemma-pod [part~=launcher]");
    await launcher.waitFor();
    const [at, view] = [await launcher.boundingBox(), hostile.page.viewportSize()];
    assert.ok(
      at && view && at.x > view.width - 120 && at.y > view.height - 120,
      JSON.stringify(at),
    );
    await launcher.click();
    await hostile.page.locator("gemma-pod [part~=input]").fill("What is a pod?");
    await hostile.page.locator("gemma-pod [part~=input]").press("Enter");
    await hostile.page.locator("gemma-pod [data-role=assistant][data-status=done]").waitFor();
    assert.deepEqual(hostile.errors, []);
  });

  await t.step("/headless.html chats in an interface of its own, and may be stopped", async () => {
    await using visitor = await openPage(browser, `${server.url}headless.html`);
    const { page } = visitor;
    // Until the page listens, its form would be sent by the browser, and the question lost.
    const held = Promise.withResolvers<void>();
    await page.route("**/pods.json", async (route) => {
      await held.promise;
      await route.continue();
    });
    await page.reload();
    assert.equal(await page.locator("#send").isDisabled(), true);
    held.resolve();
    const ask = async (question: string) => {
      await page.locator("#question").fill(question);
      await page.locator("#send").click();
    };
    const answers = page.locator("#thread [data-role=assistant]");
    await Promise.all([
      page.evaluate(answerBegins),
      ask("What is a pod?"),
    ]);
    await page.locator("#thread [data-role=assistant][data-status=done]").waitFor();
    assert.match(await answers.innerText(), /single `\.html` file/);
    // In the turn in which it begins: on a busy machine it might be whole before the test hears of it.
    await Promise.all([
      page.evaluate(`(${answerBegins})().then(() => document.querySelector("#stop").click())`),
      ask("How does a message reach you?"),
    ]);
    await page.locator("#thread [data-status=cancelled]").waitFor();
    await page.reload();
    await answers.nth(1).waitFor();
    await page.locator("#clear").click();
    await answers.first().waitFor({ state: "detached" });
    await assertWellMade(page);
    assert.deepEqual(visitor.errors, []);
  });

  await t.step("/order.html: orders fill the cart, by a snapshot and then by deltas", async () => {
    await using visitor = await openPage(browser, `${server.url}order.html`);
    const { page } = visitor;
    await visitor.state("ready");
    await visitor.ask("Two margheritas and a lemonade, please");
    await visitor.answered(1);
    const cart = () => page.locator("#cart tr").allInnerTexts();
    assert.deepEqual(await cart(), ["Margherita\t2 ×\t€19.00", "Lemonade\t1 ×\t€3.50"]);
    await visitor.ask("Take one margherita away, and a tiramisu");
    await visitor.answered(2);
    assert.deepEqual(await cart(), [
      "Margherita\t1 ×\t€9.50",
      "Lemonade\t1 ×\t€3.50",
      "Tiramisu\t1 ×\t€5.50",
    ]);
    assert.equal(await page.locator("#total").innerText(), "€18.50");
    assert.deepEqual(await page.locator("#changes li span:first-child").allInnerTexts(), [
      "STATE_SNAPSHOT",
      "STATE_DELTA",
    ]);
    await page.reload();
    await visitor.state("ready");
    await page.locator("#cart tr").nth(2).waitFor(); // the Host remembers the state, too
    await visitor.ask("That is all, I would like to pay");
    await page.getByText("Ready to be paid").waitFor();
    await assertWellMade(page);
    assert.deepEqual(visitor.errors, []);
  });

  await t.step("/react.html: a React application shares its state with the agent", async () => {
    await using visitor = await openPage(browser, `${server.url}react.html`);
    const { page } = visitor;
    await page.getByLabel("Question").fill("Two margheritas, please");
    await page.getByRole("button", { name: "Ask" }).click();
    await page.getByLabel("Orders").getByText("€19.00 · open").waitFor();
    const answer = page.getByLabel("Messages").locator("[data-role=assistant]:not([data-status])");
    await answer.waitFor();
    assert.match(await answer.innerText(), /2 × Margherita/);
    // However long it gets, the newest is in view.
    await page.locator(".thread").evaluate((list) => list.style.height = "6rem");
    await page.getByLabel("Question").fill("And a lemonade");
    await page.getByRole("button", { name: "Ask" }).click();
    await answer.nth(1).waitFor({ state: "attached" });
    await page.waitForFunction(isAtEnd, ".thread");
    await assertWellMade(page);
    assert.deepEqual(visitor.errors, []);
  });

  await t.step("a page that is not there is a 404, and no file outside can be named", async () => {
    for (const path of ["nothing.html", "../deno.json", "%2e%2e/deno.json", "index.ts"]) {
      const answer = await fetch(`${server.url}${path}`);
      assert.equal(answer.status, 404, path);
      await answer.body?.cancel();
    }
  });
});
