import assert from "node:assert/strict";
import type { Browser, Page } from "../../libraries/playwright.ts";
import { fullBundle, runtimeBundle } from "../../../src/assets/mod.ts";
import { launchBrowser } from "../browser.ts";
import { packedPod } from "../fixtures/packed_pod.ts";
import { readmeSample } from "../fixtures/readme_samples.ts";

const SITE = "http://site.test/";

/** A site with two packed pages, and what goes wrong with others. */
async function site(): Promise<Map<string, string | number>> {
  const card = await packedPod({ podId: "ada", owner: 1 });
  return new Map<string, string | number>([
    ["card.html", card],
    ["other.html", await packedPod({ podId: "bob", owner: 2 })],
    ["tampered.html", tampered(card)],
    ["twice.html", card.replace("</body>", `<script>${assignment(card, "AQID")}</script></body>`)],
    ["plain.html", "<!doctype html><title>Plain</title><p>Nothing of a pod"],
    ["large.html", card + " ".repeat(9 * 1024 * 1024)],
    ["gone.html", 404],
    ["gemmapod-shim.iife.js", await fullBundle("site")],
  ]);
}

function assignment(html: string, value: string): string {
  return (/window\.__GEMMAPOD_MANIFEST_B64 = "[^"]+"/.exec(html)?.[0] ?? "")
    .replace(/"[^"]+"/, `"${value}"`);
}

function tampered(html: string): string {
  return html.replace(/(MANIFEST_B64 = "[^"]{200})(.)/, (_, before: string, one: string) => {
    return before + (one === "A" ? "B" : "A");
  });
}

/** What the page heard of its elements, oldest first. */
interface Heard {
  type: string;
  code?: string;
  message?: string;
  podId?: string;
}

/** Opens a page of the site with this in its body. */
async function open(browser: Browser, body: string, policy?: string): Promise<Page> {
  const files = await site();
  const page = await (await browser.newContext()).newPage();
  await page.addInitScript(() => {
    const heard: Heard[] = [];
    Object.assign(window, { heard });
    document.addEventListener("gemmapod:error", (event) => {
      heard.push({ type: "error", ...(event as CustomEvent).detail });
    });
    document.addEventListener("gemmapod:mounted", (event) => {
      heard.push({ type: "mounted", podId: (event as CustomEvent).detail.runtime.podId });
    });
  });
  files.set("", `<!doctype html><html lang="en"><title>Host</title><body>${body}</body></html>`);
  await page.route(`${SITE}**`, (route) => {
    const found = files.get(new URL(route.request().url()).pathname.slice(1)) ?? 404;
    if (typeof found === "number") return route.fulfill({ status: found });
    return route.fulfill({
      body: found,
      contentType: found.startsWith("<!doctype") ? "text/html" : "text/javascript",
      ...(policy !== undefined && { headers: { "content-security-policy": policy } }),
    });
  });
  await page.goto(SITE);
  return page;
}

const SCRIPT = `<script src="gemmapod-shim.iife.js"></script>`;
const DEFINED = `${SCRIPT}<script>GemmaPod.defineElement()</script>`;

function heard(page: Page): Promise<Heard[]> {
  return page.evaluate(() => Reflect.get(window, "heard"));
}

Deno.test("<gemma-pod> shows the pod of the page that src names, as the README has it", async () => {
  await using browser = await launchBrowser();
  const page = await open(browser, await readmeSample("element"));
  const pod = page.locator("gemma-pod");
  await pod.locator("[part~=title]").waitFor();
  assert.equal(await pod.locator("[part~=title]").innerText(), "Pod ada");
  await page.locator("gemma-pod[data-state=offline]").waitFor(); // nobody answers for it
  assert.deepEqual(await heard(page), [{ type: "mounted", podId: "ada" }]);
  assert.equal(await page.title(), "Host");
  assert.equal(await page.getByText("One moment…").isVisible(), false);
});

Deno.test("<gemma-pod> shows nothing of a page that does not verify, and says why", async () => {
  await using browser = await launchBrowser();
  for (
    const [src, code, reason] of [
      ["tampered.html", "manifest_rejected", /signature/],
      ["twice.html", "invalid_page", /twice/],
      ["plain.html", "invalid_page", /no manifest/],
      ["large.html", "page_too_large", /larger than/],
      ["gone.html", "page_unreachable", /404/],
      ["http://127.0.0.1:9/card.html", "page_unreachable", /Cannot fetch/],
      ["", "page_unreachable", /no src/],
    ] as const
  ) {
    const page = await open(browser, `<gemma-pod src="${src}">Mine</gemma-pod>${DEFINED}`);
    const box = page.locator("gemma-pod [role=alert]");
    await box.waitFor();
    const shown = await box.innerText();
    assert.match(shown, /^gemmapod refused to mount: /, src);
    assert.match(shown, reason, src);
    assert.doesNotMatch(shown, /Pod ada|Of owner/);
    assert.equal(await page.locator("gemma-pod").getAttribute("data-state"), "error");
    const [event, ...more] = await heard(page);
    assert.deepEqual(more, []);
    assert.equal(event?.code, code, src);
    assert.equal(shown, `gemmapod refused to mount: ${event?.message}`);
    assert.equal(await page.title(), "Host", "the embedder's page keeps its title");
    assert.equal(await page.locator("[part~=root]").count(), 0);
    await page.context().close();
  }
});

Deno.test("<gemma-pod> keeps its pod when it is moved, and lets go of it when it is taken out", async () => {
  await using browser = await launchBrowser();
  const page = await open(
    browser,
    `<main></main><aside></aside><gemma-pod src="card.html"></gemma-pod>${DEFINED}`,
  );
  const shown = page.locator("gemma-pod [part~=title]");
  await shown.waitFor();
  await page.evaluate(`{
    const pod = document.querySelector("gemma-pod");
    globalThis.pod = pod;
    globalThis.first = pod.runtime;
    globalThis.ended = 0;
    first.events.on("runtime.destroyed", () => ended++);
    document.querySelector("main").append(pod);
    document.querySelector("aside").append(pod);
  }`);
  assert.equal(await page.evaluate("Promise.resolve().then(() => pod.runtime === first)"), true);
  assert.equal(await page.evaluate("ended"), 0);
  await page.evaluate("pod.remove()");
  await page.waitForFunction("ended === 1");
  assert.deepEqual(
    await page.evaluate("[pod.runtime, pod.dataset.state].map(String)"),
    ["undefined", "undefined"],
  );
  await page.evaluate(`document.body.append(pod)`);
  await shown.waitFor();
  assert.equal(await page.evaluate("pod.runtime !== undefined && pod.runtime !== first"), true);
  assert.deepEqual((await heard(page)).map(({ podId }) => podId), ["ada", "ada"]);
});

Deno.test("<gemma-pod> shows the last src it was given, and nothing of those before", async () => {
  await using browser = await launchBrowser();
  const page = await open(browser, `<gemma-pod src="card.html"></gemma-pod>${DEFINED}`);
  const title = page.locator("gemma-pod [part~=title]");
  await title.waitFor();
  await page.evaluate(`(async () => {
    const pod = document.querySelector("gemma-pod");
    for (const src of ["tampered.html", "card.html", "gone.html", "other.html"]) {
      pod.src = src;
      await Promise.resolve();
    }
  })()`);
  await page.getByRole("heading", { name: "Pod bob" }).waitFor();
  assert.equal(await page.locator("gemma-pod [role=alert]").count(), 0);
  assert.equal(await page.locator("gemma-pod [part~=root]").count(), 1);
  assert.deepEqual((await heard(page)).map(({ type, podId }) => `${type} ${podId}`), [
    "mounted ada",
    "mounted bob",
  ]);
  await page.evaluate(`document.querySelector("gemma-pod").src = "gone.html"`);
  await page.locator("gemma-pod [role=alert]").waitFor();
  await page.evaluate(`document.querySelector("gemma-pod").src = "card.html"`);
  await page.getByRole("heading", { name: "Pod ada" }).waitFor();
});

Deno.test("<gemma-pod> tries again when it is given the same src after an error", async () => {
  await using browser = await launchBrowser();
  const page = await open(browser, `<gemma-pod src="later.html"></gemma-pod>${DEFINED}`);
  await page.locator("gemma-pod [role=alert]").waitFor();
  const card = await packedPod({ podId: "ada", owner: 1 });
  await page.route(`${SITE}later.html`, (route) => {
    return route.fulfill({ body: card, contentType: "text/html" });
  });
  await page.evaluate(`{
    const pod = document.querySelector("gemma-pod");
    pod.src = pod.src;
  }`);
  await page.getByRole("heading", { name: "Pod ada" }).waitFor();
  assert.deepEqual((await heard(page)).map(({ type }) => type), ["error", "mounted"]);
});

Deno.test("<gemma-pod mode> is the chat itself or a button in the corner, and may change", async () => {
  await using browser = await launchBrowser();
  const page = await open(
    browser,
    `<gemma-pod src="card.html" mode="launcher"></gemma-pod>${DEFINED}`,
  );
  const launcher = page.locator("gemma-pod [part~=launcher]");
  await launcher.waitFor();
  assert.equal(await page.locator("gemma-pod [part~=input]").isVisible(), false);
  await launcher.click();
  await page.locator("gemma-pod [part~=input]").waitFor();
  await page.evaluate(`document.querySelector("gemma-pod").mode = "inline"`);
  await launcher.waitFor({ state: "detached" });
  await page.locator("gemma-pod [part~=input]").waitFor(); // another widget, in its own time
});

Deno.test("defineElement() is said once or often, before its elements or after", async () => {
  await using browser = await launchBrowser();
  const page = await open(browser, `<gemma-pod src="card.html"></gemma-pod>${SCRIPT}`);
  assert.equal(
    await page.evaluate(`{
      const later = document.createElement("gemma-pod");
      later.setAttribute("src", "other.html");
      const same = GemmaPod.defineElement() === GemmaPod.defineElement();
      document.body.append(later);
      same && customElements.get("gemma-pod") === GemmaPod.defineElement()
    }`),
    true,
  );
  await page.getByRole("heading", { name: "Pod ada" }).waitFor();
  await page.getByRole("heading", { name: "Pod bob" }).waitFor();
  await page.evaluate(await runtimeBundle());
  assert.equal(await page.evaluate("typeof GemmaPod.defineElement"), "undefined");
});

Deno.test("<gemma-pod> works under a strict policy", async () => {
  await using browser = await launchBrowser();
  const page = await open(
    browser,
    DEFINED.replaceAll("<script", `<script nonce="once"`) +
      `<gemma-pod src="card.html"></gemma-pod><gemma-pod src="tampered.html"></gemma-pod>`,
    "default-src 'none'; script-src 'nonce-once' 'wasm-unsafe-eval'; connect-src 'self' ws:; " +
      "require-trusted-types-for 'script'",
  );
  await page.getByRole("heading", { name: "Pod ada" }).waitFor();
  const box = page.locator("gemma-pod [role=alert]");
  await box.waitFor();
  assert.equal(
    await box.evaluate((element) => getComputedStyle(element).borderColor),
    "rgb(198, 40, 40)",
  );
});
