import assert from "node:assert/strict";
import type { Browser, Page } from "../../libraries/playwright.ts";
import { launchBrowser } from "../browser.ts";
import { startChain } from "../chain.ts";
import { type Forbidden, forbidden } from "../fixtures/forbidden.ts";
import { packedPod } from "../fixtures/packed_pod.ts";
import { hide, SECRET, steal } from "../fixtures/stranger.ts";
import { startWitness, type Witness } from "../fixtures/witness.ts";
import { startModelEndpoint } from "../model_endpoint.ts";
import { quietBroker, store } from "../small_page.ts";
import { openPage } from "./page.ts";

/** How long a page waits for the browser to forbid something, in milliseconds. */
const WITHIN_MS = 30_000;

/** A script element that holds {@linkcode forbidden}. */
function script(witness: Witness): string {
  return `<script>(${forbidden})(${JSON.stringify(witness.url)})</script>`;
}

/** Where a page left what it tries. */
type Trying = Window & { forbidden: Forbidden };

/** What forbade each attempt of a page, and what should have. */
async function outcomes(page: Page, within = WITHIN_MS) {
  const { names, directives, reaching } = await page.evaluate(() => {
    const { names, directives, reaching } = (window as unknown as Trying).forbidden;
    return { names, directives, reaching };
  });
  const forbade: Record<string, string | undefined> = {};
  for (const name of names) {
    forbade[name] = await page.evaluate(
      ([name, within]) => (window as unknown as Trying).forbidden.attempt(name, within),
      [name, within] as const,
    );
  }
  return { directives, forbade, reaching };
}

/** A page of a broker, in a window of a browser that has no other yet. */
async function open(browser: Browser, url: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.locator("[part~=root]").waitFor();
  return page;
}

Deno.test("what a page tries to reach is seen where no policy forbids it", async () => {
  const pages: Record<string, string> = {};
  await using witness = startWitness(pages);
  await using browser = await launchBrowser();
  pages["control"] = `<!doctype html><title>Control</title><body>${script(witness)}`;
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${witness.url}/control`);
  const { forbade, reaching } = await outcomes(page, 0);
  for (const name of reaching) await witness.saw(name);
  assert.deepEqual(Object.entries(forbade).filter(([, directive]) => directive), []);
});

Deno.test("a stranger's script on a sandboxed page reaches nobody but by WebSocket", async () => {
  await using witness = startWitness();
  await using signal = await quietBroker();
  await using browser = await launchBrowser();
  const html = await packedPod({ podId: "ada", owner: 7, more: script(witness) });
  const page = await open(browser, `${signal.url}/${await store(signal.url, html)}`);
  const { directives, forbade } = await outcomes(page);
  // Of the origin that it has, nothing on this server is.
  const origin = { worker: "SecurityError", "shared-worker": "SecurityError" };
  assert.deepEqual(forbade, { ...directives, ...origin });
  // It has reached nobody, though it can: a last word by the one way that is free.
  await page.evaluate((url) => void new WebSocket(url), `${witness.url.replace("http", "ws")}/ws`);
  await witness.saw("ws");
  assert.deepEqual(witness.seen, ["ws"]);
  assert.equal(await page.evaluate(() => document.baseURI), page.url());
});

Deno.test("a known page can do nothing of it either, nor run another script", async () => {
  await using witness = startWitness();
  await using signal = await quietBroker();
  await using browser = await launchBrowser();
  const html = await packedPod({ podId: "ada", owner: 7 });
  const page = await open(browser, `${signal.url}/${await store(signal.url, html)}`);
  // By the debugger, which no policy holds: what a hole in the runtime would let a stranger do.
  await page.evaluate(`(${forbidden})(${JSON.stringify(witness.url)})`);
  const { directives, forbade } = await outcomes(page);
  assert.deepEqual(forbade, directives);
  const ran = await page.evaluate(() => {
    const element = document.createElement("script");
    element.textContent = "window.ran = 1";
    document.body.append(element);
    const holder = document.createElement("div");
    holder.innerHTML = `<img src="data:," onerror="window.ran = 2">`;
    holder.setAttribute("onclick", "window.ran = 3");
    document.body.append(holder);
    holder.click();
    location.href = "javascript:void(window.ran = 4)";
    return (window as { ran?: number }).ran;
  });
  assert.equal(ran, undefined);
  assert.deepEqual(witness.seen, []);
});

for (const owner of [7, 8]) {
  const kind = owner === 7 ? "known" : "sandboxed";
  Deno.test(`a ${kind} page starts without a word of the browser's about its policy`, async () => {
    await using signal = await quietBroker();
    await using browser = await launchBrowser();
    await store(signal.url, await packedPod({ podId: "ada", owner: 7 }));
    const id = await store(signal.url, await packedPod({ podId: "ada", owner }));
    const page = await (await browser.newContext()).newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    await page.goto(`${signal.url}/${id}`);
    await page.locator("[part~=root][data-state=offline]").waitFor();
    assert.deepEqual(said.filter((text) => /Content.Security.Policy/i.test(text)), []);
    const origin = await page.evaluate(() => globalThis.origin);
    assert.equal(origin, kind === "known" ? signal.url : "null");
  });
}

/** A browser in which somebody has talked to a pod of a broker, in two windows. */
async function withVictim(options: { isolation: "on" | "off" }) {
  await using open = new AsyncDisposableStack();
  const signal = open.use(await quietBroker(options));
  const browser = open.use(await launchBrowser());
  const url = `${signal.url}/${await store(
    signal.url,
    await packedPod({ podId: "ada", owner: 7 }),
  )}`;
  const context = await browser.newContext();
  async function visit(url: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(url);
    if (url !== "about:blank") await page.locator("[part~=root]").waitFor();
    return page;
  }
  const [one, two] = [await visit(url), await visit(url)];
  await one.evaluate(hide, SECRET);
  const owned = open.move();
  return {
    signal,
    url,
    visit,
    upload: async (html: string) => `${signal.url}/${await store(signal.url, html)}`,
    /** Says the secret on the channel of the origin, until another window of it has heard it. */
    tell: () =>
      two.evaluate(() =>
        new Promise<string>((resolve) => {
          const channel = new BroadcastChannel("secret");
          channel.onmessage = ({ data }) => resolve(data);
          channel.postMessage("give");
        })
      ),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Listens on the channel of the page's origin. */
function listen(): void {
  const heard: string[] = [];
  const channel = new BroadcastChannel("secret");
  channel.onmessage = ({ data }) => heard.push(data);
  channel.postMessage("give");
  Object.assign(window, { heard, channel });
}

const NOTHING = {
  localStorage: "SecurityError",
  sessionStorage: "SecurityError",
  cookie: "SecurityError",
  indexedDB: "SecurityError",
  caches: "SecurityError",
  files: "SecurityError",
  lock: "SecurityError",
  serviceWorker: "SecurityError",
  window: "SecurityError",
  frame: "SecurityError",
};

for (
  const [who, page] of [
    ["a page with a stranger's script", { podId: "bob", owner: 8, more: "<script>1</script>" }],
    ["a page with a stranger's runtime", { podId: "bob", owner: 8, bundle: "bundle" }],
    ["a stranger's page for the same pod, of the runtime that we know", { podId: "ada", owner: 8 }],
    ["its owner's own page with another script", {
      podId: "ada",
      owner: 7,
      more: "<script>1</script>",
    }],
  ] as const
) {
  Deno.test(`${who} gets nothing of what another keeps on this broker`, async () => {
    await using place = await withVictim({ isolation: "on" });
    const { fullBundle } = await import("../../../src/assets/mod.ts");
    const changed = "bundle" in page ? { bundle: `${await fullBundle()}\n;1;` } : {};
    const html = await packedPod({ ...page, ...changed });
    const stranger = await place.visit(await place.upload(html));
    assert.equal(await stranger.evaluate(() => globalThis.origin), "null");
    await stranger.evaluate(listen);
    assert.deepEqual(
      await stranger.evaluate(steal, { victimUrl: place.url, withinMs: WITHIN_MS }),
      NOTHING,
    );
    assert.equal(await place.tell(), SECRET);
    assert.deepEqual(
      await stranger.evaluate(() => (window as unknown as { heard: string[] }).heard),
      [],
    );
  });
}

Deno.test("with --isolation off a page does get it: these ways are real", async () => {
  await using place = await withVictim({ isolation: "off" });
  const html = await packedPod({ podId: "bob", owner: 8, more: "<script>1</script>" });
  const stranger = await place.visit(await place.upload(html));
  await stranger.evaluate(listen);
  assert.deepEqual(await stranger.evaluate(steal, { victimUrl: place.url, withinMs: WITHIN_MS }), {
    ...NOTHING, // but a frame, which the policy forbids every page
    localStorage: SECRET,
    sessionStorage: "kept",
    cookie: SECRET,
    indexedDB: SECRET,
    caches: SECRET,
    files: "secret",
    lock: "got",
    serviceWorker: "0",
    window: SECRET,
  });
  await stranger.waitForFunction(
    (secret) => (window as unknown as { heard: string[] }).heard.includes(secret),
    SECRET,
  );
});

for (const isolation of ["on", "off"] as const) {
  const got = isolation === "on" ? "nothing" : "the secret: this way is real";
  Deno.test(`a script of the CDN, hidden in a frame's srcdoc, gets with isolation ${isolation} ${got}`, async () => {
    await using place = await withVictim({ isolation });
    // Inside an attribute, where a parser of scripts sees none; in the origin and under the policy of
    // its page, which lets scripts of the CDN run: anybody can publish one there.
    const inner = `&lt;script src='https://cdn.jsdelivr.net/npm/stranger/x.js'>&lt;/script>`;
    const html = await packedPod({
      podId: "bob",
      owner: 8,
      more: `<iframe srcdoc="${inner}"></iframe>`,
    });
    const stranger = await place.visit("about:blank");
    await stranger.route("https://cdn.jsdelivr.net/**", (route) =>
      route.fulfill({
        contentType: "text/javascript",
        body: "let loot; try { loot = localStorage.secret } catch (error) { loot = error.name }" +
          "parent.postMessage({ loot }, '*')",
      }));
    await stranger.addInitScript(() => {
      addEventListener("message", ({ data }) => Object.assign(window, data));
    });
    await stranger.goto(await place.upload(html));
    await stranger.waitForFunction(() => "loot" in window);
    assert.equal(
      await stranger.evaluate(() => (window as { loot?: string }).loot),
      isolation === "on" ? "SecurityError" : SECRET,
    );
  });
}

Deno.test("a sandboxed page chats like any other, and keeps nothing", async () => {
  await using model = await startModelEndpoint({ script: { tokens: ["Hello ", "there"] } });
  await using chain = await startChain({ modelUrl: model.url });
  await using browser = await launchBrowser();
  const html = await Deno.readTextFile(chain.pageFile);
  const id = await store(chain.brokerUrl, html.replace("</body>", "<script>1</script></body>"));
  await using visitor = await openPage(browser, `${chain.brokerUrl}/${id}`);
  await visitor.state("ready");
  await visitor.ask("Hi?");
  assert.deepEqual((await visitor.answered(1)).map(({ text }) => text), ["Hi?", "Hello there"]);
  assert.deepEqual(visitor.errors, []);
  await visitor.page.reload();
  await visitor.state("ready");
  assert.equal(await visitor.page.locator("[part~=message]").count(), 0);
});

Deno.test("a sandboxed page in another site's frame cannot take that site elsewhere", async () => {
  const pages: Record<string, string> = {};
  await using witness = startWitness(pages);
  await using signal = await quietBroker();
  await using browser = await launchBrowser();
  const more = `<script>
    try { top.location = ${
    JSON.stringify(`${witness.url}/taken`)
  }; } catch (e) { window.refused = e.name; }
  </script>`;
  const id = await store(signal.url, await packedPod({ podId: "bob", owner: 8, more }));
  pages["site"] = `<!doctype html><title>Site</title><iframe src="${signal.url}/${id}"></iframe>`;
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${witness.url}/site`);
  const pod = page.frameLocator("iframe");
  await pod.locator("[part~=root]").waitFor();
  assert.equal(
    await pod.locator("html").evaluate(() => (window as { refused?: string }).refused),
    "SecurityError",
  );
  assert.deepEqual(witness.seen.filter((name) => name !== "favicon.ico"), ["site"]);
});
