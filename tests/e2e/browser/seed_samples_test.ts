import assert from "node:assert/strict";
import { join } from "node:path";
import { fullBundle, runtimeBundle } from "../../../src/assets/mod.ts";
import { launchBrowser } from "../browser.ts";
import { startChain } from "../chain.ts";
import { serveFolders } from "../fixtures/served_folder.ts";
import { startModelEndpoint } from "../model_endpoint.ts";
import { openPage } from "./page.ts";

const ANSWER = "Hello from the endpoint.";

/** Seed 003, section 16, but for the address. */
const WIDGET = `<div id="pod"></div>
<script src="/gemmapod-shim.iife.js"></script>
<script>
GemmaPod.mountPod(document.getElementById("pod"), {
name: "Order Pod",
persona: "Takes restaurant orders",
systemPrompt: "You take orders and maintain a cart.",
model: "gemma4:e4b",
transport: {
dartc: {
signalUrl: "wss://signal.gemmapod.com/signal",
podId: "restaurant-demo",
},
fallback: { model: "onnx-community/gemma-4-E2B-it-ONNX" },
},
}).then(({ runtime, destroy }) => {
runtime.events.on("ui.event", ({ event }) => {
if (event.type === "STATE_SNAPSHOT") renderCart(event.snapshot);
});
window.addEventListener("pagehide", () => destroy());
});
</script>`;

/** No page here has an icon to ask for. */
const HEAD = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">`;

/** What the samples below take for granted. */
const AROUND = `<title>Sample</title>
<div id="pod"></div><div id="fallback-host"></div><input id="input" value="hello"><button id="send">Send</button>
<script>
const seen = window.seen = { text: "", events: [], bridged: [], states: [] };
const config = {
  name: "Order Pod",
  transport: { dartc: { signalUrl: "wss://signal.gemmapod.com/signal", podId: "restaurant-demo" } },
};
const el = document.getElementById("pod");
const input = document.getElementById("input");
const process = { stdout: { write: (text) => seen.text += text } };
const projectIntoMyUi = ({ type }) => seen.events.push(type);
const appendToMyTranscript = (text) => seen.text += text;
const renderCustomState = (state) => seen.states.push(state);
window.addEventListener("gemmapod:ui-event", ({ detail }) => seen.bridged.push(detail.type));
</script>`;

/** Seed 003, section 17. */
const HEADLESS = `<script src="/gemmapod-runtime.iife.js"></script>
<script>
GemmaPod.mountPod(null, config, {
ui: "none",
fallbackUi: "default",
fallbackMountParent: document.getElementById("fallback-host"),
}).then(({ runtime }) => {
runtime.events.on("ui.event", ({ event }) => projectIntoMyUi(event));
document.getElementById("send").addEventListener("click", async () => {
for await (const chunk of runtime.chat.stream(input.value)) {
appendToMyTranscript(chunk.delta);
}
});
});
</script>`;

/** Seed 003, sections 4 and 6: the object style, and the window's own event. */
const OBJECT = `<script type="module">
const runtime = GemmaPod.create(config);
runtime.events.on("ui.event", ({ event }) => {
window.dispatchEvent(new CustomEvent("gemmapod:ui-event", { detail: event }));
});
await runtime.connect();
for await (const chunk of runtime.chat.stream("hello")) {
process.stdout.write(chunk.delta);
}
seen.agUi = seen.bridged.map((type) => GemmaPod.mapDartcUiEventToAgUi({ type, threadId: "" }).type);
</script>`;

/** Seed 003, section 4, and seed 004, "Runtime API": the widget alone. */
const LOWER = `<script type="module">
const runtime = await GemmaPod.mount(el, config);
runtime.events.on("ui.event", ({ event }) => {
projectIntoMyUi(event);
});
runtime.events.on("state.changed", ({ state }) => {
renderCustomState(state);
});
for await (const chunk of runtime.chat.stream("hello")) {
process.stdout.write(chunk.delta);
}
await runtime.state.set("/cart", ["soup"]);
</script>`;

/** Seed 004, "Runtime API": no widget, and nobody connects before the first question. */
const SEND = `<script type="module">
const { runtime, destroy } = await window.GemmaPod.mountPod(null, config, {
ui: "none",
fallbackUi: "none",
});
await destroy();
seen.ended = runtime.transport.status;
const second = window.GemmaPod.create(config);
// First chat.send/stream calls connect() for you
const text = await second.chat.send("hello");
process.stdout.write(text);
</script>`;

/** The samples that both bundles run: loaded more than once, they are still one global. */
const SCRIPTS = {
  full: `<script src="/gemmapod-shim.iife.js"></script>`.repeat(2),
  runtime: `<script src="/gemmapod-runtime.iife.js"></script>`.repeat(2),
  both: `<script src="/gemmapod-shim.iife.js"></script>
<script src="/gemmapod-runtime.iife.js"></script>`,
};

interface SampleSeen {
  text: string;
  events: string[];
  bridged: string[];
  agUi?: string[];
  states: unknown[];
  ended?: string;
}

Deno.test("the samples of the seeds run as they are written", async (t) => {
  await using model = await startModelEndpoint({
    script: { tokens: ["Hello", " from", " the", " endpoint."] },
  });
  await using chain = await startChain({ modelUrl: model.url });
  await using browser = await launchBrowser();
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-samples-" });
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => Deno.remove(folder, { recursive: true }));
  const pages: Record<string, string> = {
    widget: WIDGET,
    headless: AROUND + HEADLESS,
    lower: AROUND + SCRIPTS.full + LOWER,
  };
  for (const [bundle, scripts] of Object.entries(SCRIPTS)) {
    pages[`object-${bundle}`] = AROUND + scripts + OBJECT;
    pages[`send-${bundle}`] = AROUND + scripts + SEND;
  }
  for (const [name, html] of Object.entries(pages)) {
    const here = html.replace("wss://signal.gemmapod.com/signal", `${chain.brokerUrl}/signal`)
      .replace("restaurant-demo", "test-pod");
    await Deno.writeTextFile(join(folder, `${name}.html`), HEAD + here);
  }
  await Deno.writeTextFile(join(folder, "gemmapod-shim.iife.js"), await fullBundle("site"));
  await Deno.writeTextFile(join(folder, "gemmapod-runtime.iife.js"), await runtimeBundle());
  await using site = serveFolders([folder]);
  const open = (name: string) => openPage(browser, `${site.url}/${name}.html`);
  const said = `seen.text === ${JSON.stringify(ANSWER)}`;

  await t.step("section 16: the widget, and the end with the page", async () => {
    await using visitor = await open("widget");
    await visitor.state("ready");
    await visitor.ask("Hello?");
    assert.deepEqual((await visitor.answered(1)).map(({ text }) => text), ["Hello?", ANSWER]);
    await visitor.page.evaluate(() => dispatchEvent(new Event("pagehide")));
    await visitor.page.locator("[part~=root]").waitFor({ state: "detached" });
    assert.deepEqual(visitor.errors, []);
  });

  await t.step("section 17: an interface of one's own", async () => {
    await using visitor = await open("headless");
    await visitor.page.locator("#send").click();
    await visitor.page.waitForFunction(said);
    const { events } = await visitor.page.evaluate("seen") as SampleSeen;
    assert.equal(events[0], "RUN_STARTED");
    assert.ok(events.includes("TEXT_MESSAGE_CONTENT"));
    assert.deepEqual(visitor.errors, []);
  });

  await t.step("section 4: the widget by mount(), and the state by an event", async () => {
    await using visitor = await open("lower");
    await visitor.page.waitForFunction("seen.states.length > 0");
    const { text, states, events } = await visitor.page.evaluate("seen") as SampleSeen;
    assert.equal(text, ANSWER);
    assert.deepEqual(states, [{ cart: ["soup"] }]);
    assert.ok(events.includes("RUN_FINISHED"));
    assert.equal((await visitor.answered(1)).at(-1)?.text, ANSWER, "the widget shows it too");
    assert.deepEqual(visitor.errors, []);
  });

  for (const bundle of Object.keys(SCRIPTS)) {
    await t.step(
      `sections 4 and 6 with ${bundle}: object style, and the window's event`,
      async () => {
        await using visitor = await open(`object-${bundle}`);
        await visitor.page.waitForFunction("seen.agUi !== undefined");
        const { text, bridged, agUi } = await visitor.page.evaluate("seen") as SampleSeen;
        assert.equal(text, ANSWER);
        assert.ok(bridged.includes("TEXT_MESSAGE_CONTENT"));
        assert.ok(agUi?.includes("TextMessageContent"));
        assert.deepEqual(visitor.errors, []);
      },
    );

    await t.step(`seed 004 with ${bundle}: send() connects by itself`, async () => {
      await using visitor = await open(`send-${bundle}`);
      await visitor.page.waitForFunction(said);
      const { ended } = await visitor.page.evaluate("seen") as SampleSeen;
      assert.equal(ended, "destroyed");
      assert.deepEqual(visitor.errors, []);
    });
  }
});
