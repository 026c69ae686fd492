import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Browser, Page } from "../../libraries/playwright.ts";
import { coreWasmGzip, fullBundle, runtimeBundle } from "../../../src/assets/mod.ts";
import { fromHex } from "../../../src/base/mod.ts";
import { signManifest, writePackedPage } from "../../../src/pod/mod.ts";
import { launchBrowser } from "../browser.ts";

const ADDRESS = "http://pod.test/";

/** A pod that nobody answers for: it has to be shown all the same. */
const CONFIG = {
  name: "Ada",
  transport: { dartc: { signalUrl: "ws://127.0.0.1:9/signal", podId: "ada" } },
};

interface Policed {
  readonly html: string;
  /** What may run. No style sheet or attribute may be of the page, and no text become code. */
  readonly scripts: string;
}

/** Opens a page under a policy; what the policy stops is collected in it as `stopped`. */
async function open(browser: Browser, { html, scripts }: Policed): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.addInitScript(() => {
    const stopped: string[] = [];
    Object.assign(window, { stopped, globals: Object.keys(window) });
    document.addEventListener("securitypolicyviolation", (event) => {
      stopped.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  const policy = `default-src 'none'; script-src ${scripts}; style-src 'none'; ` +
    "img-src data:; connect-src ws:; require-trusted-types-for 'script'; base-uri 'none'";
  await page.route(ADDRESS, (route) =>
    route.fulfill({
      body: html,
      contentType: "text/html",
      headers: { "content-security-policy": policy },
    }));
  await page.goto(ADDRESS);
  return page;
}

/** Waits for the widget, and asserts that it has its look and that nothing was stopped. */
async function assertShown(page: Page): Promise<void> {
  const root = page.locator("[part~=root]");
  await root.waitFor();
  const input = page.locator("[part~=input]");
  await input.fill("Hello");
  assert.equal(await input.evaluate((element) => getComputedStyle(element).resize), "none");
  await assertNothingStopped(page);
}

async function assertNothingStopped(page: Page): Promise<void> {
  assert.deepEqual(await page.evaluate(() => Reflect.get(window, "stopped")), []);
}

/** Asserts that the bundle made one global, beside those of the test and of the page's elements. */
async function assertOneGlobal(page: Page): Promise<void> {
  const added = await page.evaluate(() => {
    const before = Reflect.get(window, "globals") as string[];
    return Object.keys(window).filter((name) => !before.includes(name));
  });
  const others = ["stopped", "globals", "status", "pod"];
  assert.deepEqual(added.filter((name) => !others.includes(name)), ["GemmaPod"]);
}

function inline(script: string, nonce: string): string {
  return `<script nonce="${nonce}">${script}</script>`;
}

function hashOf(script: string): string {
  return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
}

Deno.test("the full bundle works under a strict policy with a nonce, and leaves one global", async () => {
  await using browser = await launchBrowser();
  const start = `GemmaPod.mount(document.getElementById("pod"), ${JSON.stringify(CONFIG)})`;
  const page = await open(browser, {
    scripts: "'nonce-once' 'wasm-unsafe-eval'",
    html: `<!doctype html><div id="pod"></div>` + inline(await fullBundle("site"), "once") +
      inline(start, "once"),
  });
  await assertShown(page);
  assert.equal(
    await page.evaluate(async () => {
      const { GemmaPod } = window as unknown as { GemmaPod: { initCore(): Promise<unknown> } };
      return typeof await GemmaPod.initCore();
    }),
    "object",
  );
  await assertOneGlobal(page);
  await assertNothingStopped(page);
});

Deno.test("a packed page works under a strict policy with the hashes of its scripts", async () => {
  await using browser = await launchBrowser();
  const html = writePackedPage({
    signedManifest: await signManifest(
      {
        v: 1,
        id: "ada",
        name: "Ada",
        persona: "",
        system_prompt: "You are terse.",
        owner_pubkey: "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c",
        transport: { dartc: { signal_url: "ws://127.0.0.1:9/signal", pod_id: "ada" } },
        tools: [],
      },
      fromHex("07".repeat(32)),
    ),
    wasmGzip: await coreWasmGzip(),
    bundle: await fullBundle(),
    title: "Ada",
  });
  const scripts = [...html.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map(([, text = ""]) =>
    text
  );
  assert.ok(scripts.length >= 2);
  const page = await open(browser, {
    html: html.replace(/<style[^]*?<\/style>/g, ""), // of the page, not of the bundle
    scripts: [...scripts.map(hashOf), "'wasm-unsafe-eval'"].join(" "),
  });
  await assertShown(page);
});

Deno.test("the bundle without a widget works under a policy that forbids WASM too, and leaves one global", async () => {
  await using browser = await launchBrowser();
  const start = `GemmaPod.mountPod(null, ${JSON.stringify(CONFIG)}, { ui: "none" })` +
    `.then(({ runtime }) => Object.assign(window, { status: runtime.transport.status }))`;
  const page = await open(browser, {
    scripts: "'nonce-once'",
    html: `<!doctype html>` + inline(await runtimeBundle(), "once") + inline(start, "once"),
  });
  await page.waitForFunction(() => Reflect.get(window, "status") === "connecting");
  await assertOneGlobal(page);
  await assertNothingStopped(page);
});
