import assert from "node:assert/strict";
import type { Browser, Page } from "../../libraries/playwright.ts";
import { coreWasmGzip, fullBundle } from "../../../src/assets/mod.ts";
import { fromHex } from "../../../src/base/mod.ts";
import { type Manifest, signManifest, writePackedPage } from "../../../src/pod/mod.ts";
import { launchBrowser } from "../browser.ts";

const SECRET = "07".repeat(32);

const MANIFEST: Manifest = {
  v: 1,
  id: "ada",
  name: "Ada’s workshop",
  persona: "Knows wood",
  system_prompt: "You are a joiner.",
  owner_pubkey: "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c",
  // Nothing answers there: the page has to be shown all the same.
  transport: {
    preferred: ["dartc"],
    dartc: { signal_url: "ws://127.0.0.1:9/signal", pod_id: "ada" },
  },
  tools: [],
};

/** A packed page of {@linkcode MANIFEST}, maybe with something done to its signed manifest. */
async function packed(change: (signed: Uint8Array) => void = () => {}): Promise<string> {
  const signedManifest = await signManifest(MANIFEST, fromHex(SECRET));
  change(signedManifest);
  return writePackedPage({
    signedManifest,
    wasmGzip: await coreWasmGzip(),
    bundle: await fullBundle(),
    title: MANIFEST.name,
  });
}

/** Opens a page and waits until it shows the widget or the refusal. */
async function open(browser: Browser, html: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.route("http://pod.test/", (route) => {
    return route.fulfill({ body: html, contentType: "text/html" });
  });
  await page.goto("http://pod.test/");
  await page.locator("[part~=root], [role=alert]").first().waitFor();
  return page;
}

/** What a page shows that refuses its pod. */
async function refusal(page: Page): Promise<string> {
  assert.equal(await page.locator("[part~=root]").count(), 0);
  const shown = await page.locator("body").innerText();
  const all = [shown, await page.title()].join("\n");
  for (const secret of [MANIFEST.name, MANIFEST.persona, MANIFEST.system_prompt]) {
    assert.ok(!all.includes(secret), `it shows ${JSON.stringify(secret)}`);
  }
  return shown.trim();
}

Deno.test("a packed page verifies its manifest and shows its pod, without any request", async () => {
  await using browser = await launchBrowser();
  const page = await open(browser, await packed());
  assert.equal(await page.locator("[part~=title]").innerText(), "Ada’s workshop");
  assert.equal(await page.locator("[part~=persona]").innerText(), "Knows wood");
  assert.equal(await page.locator("h1").count(), 1);
  await page.locator("[part~=root][data-state=offline]").waitFor();
  const requests = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => name)
  );
  assert.deepEqual(requests.filter((url) => !url.startsWith("data:")), []);
});

Deno.test("a packed page whose manifest was tampered with shows the reason and nothing of it", async () => {
  await using browser = await launchBrowser();
  const page = await open(
    browser,
    await packed((signed) => {
      const last = signed.length - 1;
      signed[last] = (signed[last] ?? 0) ^ 1;
    }),
  );
  assert.match(await refusal(page), /^gemmapod refused to mount: /);
});

Deno.test("a packed page that lacks a part, or has a broken one, is refused", async () => {
  await using browser = await launchBrowser();
  const html = await packed();
  const cases: [string, string, RegExp][] = [
    ["no manifest", html.replace(/window\.__GEMMAPOD_MANIFEST_B64 ?=/, "window.x="), /MANIFEST/],
    ["no WASM", html.replace(/window\.__GEMMAPOD_WASM_B64 ?=/, "window.x="), /WASM/],
    ["WASM that is none", html.replace(/(WASM_B64 ?= ?")[^"]+/, "$1AAAA"), /.+/],
    ["WASM that does not unpack", html.replace(/(WASM_B64 ?= ?")[^"]+/, "$1H4sIAAAA"), /unpack/],
    ["a manifest that is no base64", html.replace(/(MANIFEST_B64 ?= ?")[^"]+/, "$1%%%%"), /base64/],
  ];
  for (const [what, changed, reason] of cases) {
    assert.notEqual(changed, html, what);
    const page = await open(browser, changed);
    const text = await refusal(page);
    assert.match(text, /^gemmapod refused to mount: /, what);
    assert.match(text, reason, what);
    await page.context().close();
  }
});

Deno.test("two pods on one page do not disturb each other, and one can leave", async () => {
  await using browser = await launchBrowser();
  const page = await (await browser.newContext()).newPage();
  const html = `<!doctype html><title>Two</title><div id="a"></div><div id="b"></div>
    <script>${await fullBundle("site")}</script>`;
  await page.route("http://pod.test/", (route) => {
    return route.fulfill({ body: html, contentType: "text/html" });
  });
  await page.goto("http://pod.test/");
  await page.evaluate(`(async () => {
    const config = (name) => ({ name, transport: { direct: { baseUrl: "http://127.0.0.1:9" } } });
    globalThis.a = await GemmaPod.mountPod(document.getElementById("a"), config("Ada"));
    globalThis.b = await GemmaPod.mountPod(document.getElementById("b"), config("Bob"));
  })()`);
  assert.equal(await page.locator("#a [part~=title]").innerText(), "Ada");
  assert.equal(await page.locator("#b [part~=title]").innerText(), "Bob");
  await page.evaluate("a.destroy()");
  assert.equal(await page.locator("#a [part~=root]").count(), 0);
  assert.equal(await page.locator("#b [part~=root]").count(), 1);
});

Deno.test("mountPod() says what is wrong with what it was given", async () => {
  await using browser = await launchBrowser();
  const page = await (await browser.newContext()).newPage();
  await page.setContent(`<div id="pod"></div><script>${await fullBundle("site")}</script>`);
  const thrown = (call: string) =>
    page.evaluate<string>(
      `${call}.then(() => "nothing", (error) => error.name + ": " + error.message)`,
    );
  const pod = `document.getElementById("pod")`;
  assert.match(
    await thrown(`GemmaPod.mountPod(${pod}, { name: "Ada", transport: { dartc: {} } })`),
    /^TypeError: .*transport\.dartc\.signalUrl/,
  );
  const config = `{ name: "Ada", transport: { direct: { baseUrl: "http://127.0.0.1:9" } } }`;
  assert.match(await thrown(`GemmaPod.mountPod(null, ${config})`), /^TypeError: .*element/);
  assert.equal(await thrown(`GemmaPod.mountPod(null, ${config}, { ui: "none" })`), "nothing");
  for (const nothing of ["undefined", "[][0]", `document.querySelector("#no")`]) {
    const call = `GemmaPod.mountPod(${nothing}, ${config})`;
    assert.match(await thrown(call), /^TypeError: .*the element is (?:null|undefined)/, call);
    assert.match(await thrown(`GemmaPod.mount(${nothing}, ${config})`), /^TypeError: .*element/);
  }
  assert.match(
    await thrown(`GemmaPod.mountPod(${pod}, ${config}, { ui: "widget" })`),
    /^TypeError: .*ui must be "chat" or "none"/,
  );
  assert.equal(await page.locator("[part~=root]").count(), 0);
  const code = await page.evaluate(`(() => {
    try { GemmaPod.attachBrowserFallbackPrepare(${pod}, null); } catch (error) { return error.code; }
  })()`);
  assert.equal(code, "no_browser_model");
});
