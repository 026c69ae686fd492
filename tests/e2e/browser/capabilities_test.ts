import assert from "node:assert/strict";
import type { Page } from "../../libraries/playwright.ts";
import { fullBundle, runtimeBundle } from "../../../src/assets/mod.ts";
import { launchBrowser } from "../browser.ts";
import { packedPod } from "../fixtures/packed_pod.ts";
import { startWitness } from "../fixtures/witness.ts";

/** What the pod of this page declares; `HOST` is a server that it may ask. */
const DECLARED = [
  "storage.local",
  "ui.render",
  "ui.prompt",
  "clipboard.write",
  "notification.show",
  "file.save",
  "network.fetch:HOST",
  "payment.intent",
  "calendar.intent",
];

async function pageOf(host: string): Promise<string> {
  const config = {
    name: "Ada",
    transport: { dartc: { signalUrl: "ws://127.0.0.1:9/signal", podId: "ada" } },
    capabilities: DECLARED.map((name) => ({ name: name.replace("HOST", host) })),
  };
  return `<!doctype html><meta charset="utf-8"><title>Ada</title>
<script>${await runtimeBundle()}</script>
<script>
  const { capabilities } = GemmaPod.create(${JSON.stringify(config)});
  const asked = [];
  capabilities.onRequest = ({ name, input }) => asked.push([name, input]) > 0;
  const request = (name, input) => capabilities.request(name, input)
    .then((value) => ({ value }), ({ code, message }) => ({ code, message }));
</script>`;
}

/** Asks for a capability in the page. */
function request(
  page: Page,
  name: string,
  input?: unknown,
): Promise<{ value?: unknown; code?: string; message?: string }> {
  return page.evaluate(`request(${JSON.stringify(name)}, ${JSON.stringify(input)})`);
}

/** A server that echoes, sends elsewhere, or does not end. */
function startApi(elsewhere: string) {
  const cookies: (string | null)[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (asked) => {
      const headers = { "access-control-allow-origin": "*" };
      cookies.push(asked.headers.get("cookie"));
      switch (new URL(asked.url).pathname) {
        case "/echo":
          return new Response(await asked.text(), { headers });
        case "/away":
          return new Response(null, { status: 302, headers: { ...headers, location: elsewhere } });
        default: {
          const piece = new TextEncoder().encode("x".repeat(100_000));
          const pull = (controller: ReadableStreamDefaultController) => controller.enqueue(piece);
          return new Response(new ReadableStream({ pull }), { headers });
        }
      }
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    cookies,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("what a pod may do in a browser", async (t) => {
  await using server = startWitness();
  await using site = startWitness({ page: await pageOf(new URL(server.url).host) });
  await using browser = await launchBrowser();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${site.url}/page`);

  await t.step("the runtime grants what it has, and not what only a widget can", async () => {
    assert.deepEqual(await page.evaluate("capabilities.list()"), [
      "storage.local",
      "transport.dartc",
      "transport.direct",
      "transport.browser-fallback",
    ]);
  });

  await t.step("storage.local keeps texts of the pod's own, up to a size", async () => {
    const storage = (input: unknown) => request(page, "storage.local", input);
    assert.deepEqual(await storage({ key: "size" }), { value: null });
    assert.deepEqual(await storage({ key: "size", value: "L" }), { value: true });
    assert.deepEqual(await storage({ key: "__proto__", value: "x" }), { value: true });
    await page.reload();
    assert.deepEqual(await storage({ key: "size" }), { value: "L" });
    assert.deepEqual(await storage({ key: "__proto__" }), { value: "x" });
    assert.deepEqual(await storage({ key: "toString" }), { value: null });
    assert.equal((await storage({ key: "big", value: "x".repeat(200_000) })).code, "bad_input");
    assert.deepEqual(await storage({ key: "size", value: null }), { value: true });
    assert.deepEqual(await storage({ key: "size" }), { value: null });
    for (
      const input of [undefined, null, 7, {}, { key: "" }, { key: 1 }, { key: "k", value: {} }]
    ) {
      assert.equal((await storage(input)).code, "bad_input", JSON.stringify(input));
    }
    await page.evaluate(`localStorage.setItem("gemmapod:ada:storage:v1", "{no JSON")`);
    assert.deepEqual(await storage({ key: "size" }), { value: null });
  });

  await t.step("file.save saves under a name that is no path", async () => {
    const download = page.waitForEvent("download");
    const name = "../../.bashrc\u202egpj.exe";
    assert.deepEqual(await request(page, "file.save", { name, text: "Grüße" }), { value: true });
    const saved = await download;
    assert.doesNotMatch(saved.suggestedFilename(), /^\.|[/\u202e]/);
    assert.equal(await Deno.readTextFile(await saved.path()), "Grüße");
    const more = page.waitForEvent("download");
    await request(page, "file.save", { name: "a.bin", base64: "AP8=", type: "image/png" });
    assert.deepEqual(await Deno.readFile(await (await more).path()), new Uint8Array([0, 255]));
    for (const input of [{ name: "a" }, { text: "a" }, { name: 1, text: "a" }, "a"]) {
      assert.equal((await request(page, "file.save", input)).code, "bad_input");
    }
  });

  await t.step("network.fetch reaches the host that the manifest names", async () => {
    const get = (input: unknown) => request(page, "network.fetch", input);
    const pages = () => site.seen.filter((name) => name === "page").length;
    const before = pages();
    const { value } = await get({ url: `${server.url}/script` });
    assert.deepEqual(value, { status: 200, type: "text/javascript", text: "" });
    assert.deepEqual(server.seen, ["script"]);
    const elsewhere = site.url.replace("127.0.0.1", "localhost");
    for (
      const url of [`${site.url}/page`, `${elsewhere}/page`, "file:///etc/passwd", "/page", "", 7]
    ) {
      const { code } = await get({ url });
      assert.ok(code === "capability_undeclared" || code === "bad_input", `${url}: ${code}`);
    }
    assert.equal(pages(), before);
  });

  await t.step("network.fetch follows no redirect, sends no cookie, has an end", async () => {
    await using api = startApi(server.url);
    await using place = startWitness({ page: await pageOf(new URL(api.url).host) });
    const before = server.seen.length;
    const asking = await context.newPage();
    await asking.goto(`${place.url}/page`);
    await asking.evaluate(`document.cookie = "secret=1; path=/"`);
    const get = (input: unknown) => request(asking, "network.fetch", input);
    assert.deepEqual(await get({ url: `${api.url}/echo`, method: "POST", body: "hi" }), {
      value: { status: 200, type: "text/plain;charset=UTF-8", text: "hi" },
    });
    assert.deepEqual(api.cookies, [null]);
    assert.equal((await get({ url: `${api.url}/away` })).code, "capability_failed");
    assert.equal(server.seen.length, before);
    const large = await get({ url: `${api.url}/endless` });
    assert.equal(large.code, "bad_input");
    assert.match(large.message ?? "", /longer than/);
  });

  await t.step("ui.prompt asks the visitor", async () => {
    const say = (answer?: string) =>
      page.once(
        "dialog",
        (dialog) => answer === undefined ? dialog.dismiss() : dialog.accept(answer),
      );
    say("");
    assert.deepEqual(await request(page, "ui.prompt", { message: "Sure?" }), { value: true });
    say();
    assert.deepEqual(await request(page, "ui.prompt", { message: "Sure?" }), { value: false });
    say("L");
    assert.deepEqual(await request(page, "ui.prompt", { message: "Size?", default: "M" }), {
      value: "L",
    });
    assert.equal((await request(page, "ui.prompt", {})).code, "bad_input");
  });

  await t.step("clipboard.write copies, where the browser lets it", async () => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    assert.deepEqual(await request(page, "clipboard.write", { text: "a card" }), { value: true });
    assert.equal(await page.evaluate("navigator.clipboard.readText()"), "a card");
    assert.equal((await request(page, "clipboard.write", "a card")).code, "bad_input");
  });

  await t.step("notification.show asks the browser as well", async () => {
    const notice = { title: "Your table is free" };
    assert.equal(
      (await request(page, "notification.show", notice)).code,
      "capability_refused",
    );
    await context.grantPermissions(["notifications"]);
    assert.deepEqual(await request(page, "notification.show", notice), { value: true });
  });

  await t.step("an intent is handed to the page, which says whether it took it", async () => {
    const order = { amount: 12.5, currency: "EUR" };
    assert.deepEqual(await request(page, "payment.intent", order), { value: false });
    await page.evaluate(`addEventListener("gemmapod:payment.intent", (event) => {
      globalThis.taken = event.detail;
      event.preventDefault();
    })`);
    assert.deepEqual(await request(page, "payment.intent", order), { value: true });
    assert.deepEqual(await page.evaluate("taken"), { podId: "ada", input: order });
    assert.deepEqual(await request(page, "calendar.intent", order), { value: false });
    assert.equal((await request(page, "payment.intent", "12")).code, "bad_input");
  });

  await t.step(
    "what is asked is shown to the visitor, once for each that is not granted",
    async () => {
      await page.reload();
      const text = { text: "a" };
      await request(page, "clipboard.write", text);
      await request(page, "clipboard.write", text);
      await request(page, "storage.local", { key: "a" });
      assert.deepEqual(await page.evaluate("asked"), [["clipboard.write", text]]);
      assert.equal((await request(page, "model.local")).code, "capability_undeclared");
    },
  );
});

Deno.test("what a pod requires is asked for in the widget: refused, nothing is mounted", async () => {
  const config = {
    name: "Ada",
    transport: { dartc: { signalUrl: "ws://127.0.0.1:9/signal", podId: "ada" } },
    capabilities: [{ name: "clipboard.write", required: true }, { name: "ui.render" }],
  };
  await using site = startWitness({
    page: `<!doctype html><meta charset="utf-8"><title>Ada</title><div id="pod"></div>
<script>${await fullBundle("site")}</script>
<script>
  const mounted = GemmaPod.mountPod(document.getElementById("pod"), ${JSON.stringify(config)})
    .then(({ runtime }) => runtime.capabilities.list().join(" "), ({ code }) => code);
</script>`,
  });
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  const outcomes = [
    ["refuse", "capability_refused", 0],
    [
      "allow",
      "ui.render storage.local transport.dartc transport.direct transport.browser-fallback " +
      "clipboard.write",
      1,
    ],
  ] as const;
  for (const [answer, outcome, widgets] of outcomes) {
    await page.goto(`${site.url}/page`);
    await page.locator(`[part~=prompt] [part~=${answer}]`).click();
    assert.equal(await page.evaluate("mounted"), outcome);
    assert.equal(await page.locator("[part~=input]").count(), widgets);
    assert.equal(await page.locator("[part~=prompt]").count(), 0);
  }
});

Deno.test("what a pod requires is asked for by a headless page: refused, nothing is given", async () => {
  const config = {
    name: "Ada",
    transport: { dartc: { signalUrl: "ws://127.0.0.1:9/signal", podId: "ada" } },
    capabilities: [
      { name: "ui.render", required: true },
      { name: "storage.local", required: true },
      { name: "file.save" },
    ],
  };
  await using site = startWitness({
    page: `<!doctype html><meta charset="utf-8"><title>Ada</title>
<script>${await runtimeBundle()}</script><script>
  const asked = [];
  const mount = (answer) =>
    GemmaPod.mountPod(null, ${JSON.stringify(config)}, {
      ui: "none",
      onRequest: answer && (({ name, required }) => {
        asked.push([name, required]);
        return answer === "yes";
      }),
    }).then(({ runtime }) => runtime.capabilities.has("ui.render"), ({ code }) => code);
</script>`,
  });
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(`${site.url}/page`);
  assert.equal(await page.evaluate(`mount("no")`), "capability_refused");
  assert.equal(await page.evaluate(`mount("yes")`), true);
  assert.deepEqual(await page.evaluate("asked"), [["ui.render", true], ["ui.render", true]]);
  assert.equal(await page.evaluate("mount(undefined)"), false, "nobody is there to ask yet");
});

Deno.test("a packed page whose pod is refused what it requires says so, and shows no more", async () => {
  const capabilities = [
    { name: "network.fetch:api.example", required: true },
    { name: "payment.intent", required: true, risk: "high" },
  ];
  await using site = startWitness({
    pod: await packedPod({ podId: "shop", owner: 7, capabilities }),
  });
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(`${site.url}/pod`);
  const prompt = page.locator("[part~=prompt]");
  await prompt.getByText("network.fetch:api.example", { exact: true }).waitFor();
  await page.locator("[part~=allow]").click();
  await prompt.getByText("payment.intent", { exact: true }).waitFor();
  await page.locator("[part~=refuse]").click();
  await page.getByText("gemmapod refused to mount: The visitor did not allow payment.intent")
    .waitFor();
  assert.equal(await page.locator("[part~=input]").count(), 0);
});
