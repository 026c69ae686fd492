import assert from "node:assert/strict";
import type { Browser, Page } from "../../libraries/playwright.ts";
import { coreWasmGzip, fullBundle } from "../../../src/assets/mod.ts";
import { fromHex, toHex, utf8Encode } from "../../../src/base/mod.ts";
import { type Manifest, signManifest, writePackedPage } from "../../../src/pod/mod.ts";
import { startBroker } from "../../../src/signal/mod.ts";
import { frameHtml } from "../../../web/entry_ui/frame_html.ts";
import { launchBrowser } from "../browser.ts";
import { startModelEndpoint } from "../model_endpoint.ts";
import { tempFolder } from "../temp_folder.ts";

type Frame = ReturnType<Page["mainFrame"]>;

const SECRET = "07".repeat(32);
const OWNER = "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c";

/** A script that listens, shows what it hears, and asks once. */
const FRIENDLY = `
const heard = [];
addEventListener("message", ({ source, data }) => {
  if (source !== parent) return;
  heard.push(data);
  document.body.textContent = heard.map(({ type }) => type).join(" ");
  document.body.dataset.heard = JSON.stringify(heard);
  if (data.type === "init") {
    parent.postMessage({ type: "resize", height: 120 }, "*");
    parent.postMessage({ type: "send", text: "From the script" }, "*");
    parent.postMessage({ type: "send", text: "And once more at once" }, "*");
  }
});
parent.postMessage({ type: "ready" }, "*");
`;

/** Options of {@linkcode packed}. */
interface PackOptions {
  /** The script that the page carries; default: the signed one. */
  carried?: string | null;
  directUrl?: string;
  /** What the manifest says of the script; default: its path and its hash. */
  ui?: Manifest["ui"];
}

/** A packed page with a script of its own. */
async function packed(script: string, options: PackOptions = {}): Promise<string> {
  const manifest: Manifest = {
    v: 1,
    id: "ada",
    name: "Ada",
    persona: "",
    system_prompt: "You are Ada.",
    owner_pubkey: OWNER,
    transport: {
      preferred: ["direct"],
      direct: { base_url: options.directUrl ?? "http://127.0.0.1:9" },
    },
    tools: [],
    ui: options.ui ?? { entry: "ui/own.js", entry_sha256: await sha256(script) },
  };
  const { carried = script } = options;
  return writePackedPage({
    signedManifest: await signManifest(manifest, fromHex(SECRET)),
    wasmGzip: await coreWasmGzip(),
    bundle: await fullBundle(),
    title: manifest.name,
    ...(carried === null ? {} : { uiScript: utf8Encode(carried) }),
  });
}

async function sha256(script: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8Encode(script))));
}

/** A page opened from a file: without any policy but its own. */
async function openFile(browser: Browser, folder: string, html: string): Promise<Page> {
  const path = `${folder}/${crypto.randomUUID()}.html`;
  await Deno.writeTextFile(path, html);
  const page = await (await browser.newContext()).newPage();
  await page.goto(`file://${path}`);
  await page.locator("[part~=root]").waitFor();
  return page;
}

/** The frame of the pod's script, once it has said something in its document. */
async function entryFrame(page: Page): Promise<Frame> {
  const frame = await (await page.locator("iframe").elementHandle())?.contentFrame();
  assert(frame);
  return frame;
}

Deno.test("a pod's own script hears init, state and events, and asks through messages", async () => {
  await using browser = await launchBrowser();
  await using folder = await tempFolder("entry");
  await using model = startModelEndpoint({ script: { tokens: ["Hello ", "script."] } });
  const page = await openFile(
    browser,
    folder.path,
    await packed(FRIENDLY, { directUrl: model.url }),
  );
  const frame = await entryFrame(page);
  await frame.locator("body[data-heard*=sent]").waitFor();
  const heard = JSON.parse(await frame.locator("body").getAttribute("data-heard") ?? "");
  assert.deepEqual(heard[0], {
    type: "init",
    protocol: 1,
    podId: "ada",
    name: "Ada",
    state: {},
  });
  assert.deepEqual(heard.at(-1), { type: "sent", answer: "Hello script." });
  assert.equal(await page.locator("iframe").evaluate((frame) => frame.clientHeight), 120);
  // The frame and the chat share the page's height.
  const field = await page.locator("[part~=input]").boundingBox();
  const whole = Number(await page.evaluate("innerHeight"));
  assert(field !== null && field.y > 120 && field.y + field.height <= whole);
  assert.equal(await page.evaluate("document.documentElement.scrollHeight"), whole);
  // The visitor sees what was said in their name, and only what was said one at a time.
  const asked = page.locator("[data-role=user] [part~=text]");
  assert.deepEqual(await asked.allInnerTexts(), ["From the script"]);
  assert.equal((await model.request(0)).body.messages.at(-1)?.content, "From the script");
});

Deno.test("a script that is not the signed one, or is missing, is not run, and that is said", async () => {
  await using browser = await launchBrowser();
  await using folder = await tempFolder("entry");
  for (const carried of ["document.title = 'ran'", null, `${FRIENDLY} `]) {
    const page = await openFile(browser, folder.path, await packed(FRIENDLY, { carried }));
    const note = page.locator("[data-gemmapod=entry-refused]");
    await note.waitFor();
    assert.match(
      await note.innerText(),
      /^gemmapod did not run this pod's own script: it is not the one that was signed$/,
    );
    assert.equal(await page.locator("iframe").count(), 0);
    assert.equal(await page.locator("[part~=input]").count(), 1); // the chat is there all the same
    assert.equal(await page.title(), "Ada");
    await page.context().close();
  }
});

Deno.test("a page whose manifest names no script runs none, whatever it carries", async () => {
  await using browser = await launchBrowser();
  await using folder = await tempFolder("entry");
  const page = await openFile(browser, folder.path, await packed(FRIENDLY, { ui: { title: "A" } }));
  await page.locator("[part~=root]:not([data-state=connecting])").waitFor();
  assert.equal(await page.locator("iframe, [data-gemmapod]").count(), 0);
});

/** Tries everything that would lead out of the frame, and says what came of it. */
const HOSTILE = (witness: string) => `
const url = (name) => ${JSON.stringify(witness)} + "/" + name;
const outcome = {};
const attempt = async (name, run) => {
  try {
    const result = await run();
    outcome[name] = "did: " + result;
  } catch (error) {
    outcome[name] = "refused: " + error.name;
  }
};
const image = () => new Promise((resolve, reject) => {
  const made = new Image();
  made.onload = resolve;
  made.onerror = () => reject(new TypeError("image"));
  made.src = url("image");
});
const socket = () => new Promise((resolve, reject) => {
  const made = new WebSocket(url("socket").replace("http", "ws"));
  made.onopen = resolve;
  made.onerror = () => reject(new TypeError("socket"));
});
addEventListener("message", async ({ data }) => {
  if (data.type !== "init") return;
  await attempt("parent document", () => parent.document.title);
  await attempt("parent global", () => parent.GemmaPod);
  await attempt("top location read", () => top.location.href);
  await attempt("top navigation", () => { top.location.href = url("top"); });
  await attempt("local storage", () => localStorage.length);
  await attempt("session storage", () => sessionStorage.length);
  await attempt("cookie", () => document.cookie);
  await attempt("indexedDB", () => new Promise((resolve, reject) => {
    const request = indexedDB.open("x");
    request.onsuccess = resolve;
    request.onerror = () => reject(request.error);
  }));
  await attempt("caches", () => caches.keys());
  await attempt("fetch", () => fetch(url("fetch"), { mode: "no-cors" }));
  await attempt("beacon", () => { if (!navigator.sendBeacon(url("beacon"))) throw new TypeError(); });
  await attempt("image", image);
  await attempt("socket", socket);
  await attempt("import", () => import(url("module")));
  await attempt("eval", () => (0, eval)("1"));
  await attempt("worker", () => new Promise((resolve, reject) => {
    const worker = new Worker(URL.createObjectURL(new Blob(["postMessage(1)"])));
    worker.onmessage = resolve;
    worker.onerror = () => reject(new TypeError("worker"));
  }));
  await attempt("WebRTC", () => new RTCPeerConnection());
  await attempt("WebRTC of a frame", () => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    return new frame.contentWindow.RTCPeerConnection();
  });
  const script = "<script>parent.postMessage(typeof RTCPeerConnection, '*')</scr" + "ipt>";
  await attempt("srcdoc", () => { document.createElement("iframe").srcdoc = script; });
  await attempt("srcdoc attribute", () => {
    document.createElement("iframe").setAttribute("srcdoc", script);
  });
  await attempt("innerHTML", () => { document.body.innerHTML = "<iframe srcdoc='x'>"; });
  await attempt("write", () => document.write(script));
  await attempt("parser", () => new DOMParser().parseFromString(script, "text/html"));
  for (const rel of ["preconnect", "dns-prefetch", "prefetch", "preload", "modulepreload"]) {
    const link = document.createElement("link");
    Object.assign(link, { rel, href: url(rel), as: "script" });
    document.head.append(link);
  }
  await attempt("popup", () => { if (open(url("popup")) === null) throw new TypeError(); });
  await attempt("inner frame", () => {
    const frame = document.createElement("iframe");
    frame.src = url("inner");
    document.body.append(frame);
  });
  await attempt("form", () => {
    const form = document.createElement("form");
    form.action = url("form");
    document.body.append(form);
    form.submit();
  });
  for (const junk of [null, 1, "ready", [], {}, { type: "init" }, { type: "send" },
    { type: "send", text: "x".repeat(16001) }, { type: "send", text: "  " },
    { type: "resize", height: -1 }, { type: "resize", height: "100%" },
    { type: "resize", height: NaN }, { type: "__proto__" }]) parent.postMessage(junk, "*");
  parent.postMessage({ type: "resize", height: 1e300 }, "*");
  document.body.dataset.outcome = JSON.stringify(outcome);
});
parent.postMessage({ type: "ready" }, "*");
`;

/**
 * A server of the test's own that gets no request. What `preconnect` does, a connection without a
 * word, no policy of a page forbids.
 */
function startWitness(): AsyncDisposable & { url: string; seen: string[] } {
  const seen: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    seen.push(new URL(request.url).pathname);
    return new Response("seen");
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    seen,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** What a hostile script came to; the page and the witness are looked at after it. */
async function outcomeOf(page: Page): Promise<Record<string, string>> {
  const frame = await entryFrame(page);
  const body = frame.locator("body[data-outcome]");
  await body.waitFor();
  return JSON.parse(await body.getAttribute("data-outcome") ?? "");
}

/** These only begin something, which the browser then blocks; the witness says whether it did. */
const SILENT = ["top navigation", "beacon", "inner frame", "form", "cookie"];

function assertRefused(outcome: Record<string, string>): void {
  const done = Object.entries(outcome)
    .filter(([name, what]) => !what.startsWith("refused") && !SILENT.includes(name));
  assert.deepEqual(done, []);
}

Deno.test("a hostile script reaches neither page, network, storage nor the window, from a file", async () => {
  await using browser = await launchBrowser();
  await using folder = await tempFolder("entry");
  await using witness = startWitness();
  const page = await openFile(browser, folder.path, await packed(HOSTILE(witness.url)));
  const before = page.url();
  assertRefused(await outcomeOf(page));
  assert.equal(page.url(), before);
  assert.deepEqual(witness.seen, []);
  assert.equal(await page.locator("[data-role=user]").count(), 0);
  const height = await page.locator("iframe").evaluate((frame) => frame.clientHeight);
  const whole = await page.evaluate("innerHeight");
  assert(height <= Number(whole) / 2, `${height} of ${whole}`);
});

Deno.test("a hostile script cannot take what it heard elsewhere by leaving its frame", async () => {
  await using browser = await launchBrowser();
  await using folder = await tempFolder("entry");
  await using witness = startWitness();
  const ways = [
    `location.href = url`,
    `location.replace(url)`,
    `document.body.append(Object.assign(document.createElement("meta"),
      { httpEquiv: "refresh", content: "0;url=" + url }))`,
    `Object.assign(document.createElement("a"), { href: url }).click()`,
    `Object.assign(document.createElement("a"), { href: url, target: "_top" }).click()`,
    `location.href = "data:text/html,<script>fetch('" + url + "')</scr" + "ipt>"`,
  ];
  for (const [index, way] of ways.entries()) {
    const script = `addEventListener("message", () => { const url = "${witness.url}/left-${index}";
      ${way}; });\nparent.postMessage({ type: "ready" }, "*");`;
    const page = await (await browser.newContext()).newPage();
    // The browser says what it has blocked, to the page or on its console.
    const blocked = page.waitForEvent("console", {
      predicate: (message) => /frame-src|sandbox|not allowed to navigate/i.test(message.text()),
    });
    const path = `${folder.path}/${index}.html`;
    await Deno.writeTextFile(path, await packed(script));
    await page.goto(`file://${path}`);
    await blocked;
    assert.equal(page.url(), `file://${path}`, way);
    await page.context().close();
  }
  assert.deepEqual(witness.seen, []);
});

Deno.test("a pod's own script runs under a broker's policy: sandboxed, and trusted", async () => {
  await using browser = await launchBrowser();
  await using witness = startWitness();
  await using folder = await tempFolder("entry");
  const trustRuntimes = `${folder.path}/trusted.txt`;
  await Deno.writeTextFile(trustRuntimes, "");
  await using broker = await startBroker({ port: 0, limits: "off", trustRuntimes });
  const script = `${HOSTILE(witness.url)}\r\n`;
  const answer = await fetch(`${broker.url}/pods`, {
    method: "POST",
    headers: { "content-type": "text/html" },
    body: await packed(script),
  });
  const { id } = await answer.json();
  for (const trusted of [false, true]) {
    if (trusted) await Deno.writeTextFile(trustRuntimes, await sha256(script));
    const page = await (await browser.newContext()).newPage();
    const served = await page.goto(`${broker.url}/${id}`);
    const policy = served?.headers()["content-security-policy"] ?? "";
    assert.equal(policy.includes("sandbox"), !trusted, policy);
    assertRefused(await outcomeOf(page));
  }
  assert.deepEqual(witness.seen, []);
});

Deno.test("the script of the order-taking template shows the cart, and is as high as it", async () => {
  const template = new URL("../../../src/pack/templates/order-taking/", import.meta.url);
  const script = await Deno.readTextFile(new URL("ui/order-taking.js", template));
  await using browser = await launchBrowser();
  const page = await (await browser.newContext()).newPage();
  await page.setContent("<iframe sandbox='allow-scripts'></iframe>");
  const heights = () => page.evaluate<number[]>("heights");
  await page.evaluate((html) => {
    const frame = document.querySelector("iframe");
    const heights: number[] = [];
    addEventListener("message", ({ data }) => {
      if (data.type === "ready") {
        frame?.contentWindow?.postMessage({ type: "init", state: {} }, "*");
      } else if (data.type === "resize") heights.push(data.height);
    });
    Object.assign(globalThis, { heights });
    if (frame !== null) frame.srcdoc = html;
  }, frameHtml(script));
  await page.waitForFunction("heights.length === 1");
  assert.deepEqual(await heights(), [0]);
  const state = {
    cart: [
      { dish: "<b>Margherita</b>", count: 2, price: 9.5 },
      { dish: "Lemonade", count: 1, price: 4 },
    ],
    total: 23,
  };
  await page.evaluate((state) => {
    document.querySelector("iframe")?.contentWindow?.postMessage({ type: "state", state }, "*");
  }, state);
  await page.waitForFunction("heights.length === 2");
  assert(((await heights())[1] ?? 0) > 40);
  const shown = await (await entryFrame(page)).locator("body").innerText();
  assert.equal(
    shown.replace(/\s+/g, " ").trim(),
    "2 × <b>Margherita</b> 19.00 1 × Lemonade 4.00 23.00",
  );
});
