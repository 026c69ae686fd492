import assert from "node:assert/strict";
import type { Page } from "../../libraries/playwright.ts";
import { fullBundle } from "../../../src/assets/mod.ts";
import { launchBrowser } from "../browser.ts";
import { startChain } from "../chain.ts";
import { startWitness } from "../fixtures/witness.ts";
import { startModelEndpoint } from "../model_endpoint.ts";

/** How often a pod comes and goes, at its leisure and in haste. */
const MOUNTS = 100;

/** Before anything is counted: what a browser and a script make once is made then. */
const WARM_UP = 10;

/** What a page may have more of after all of it, in bytes: caches of the browser grow a little. */
const HEAP_SLACK = 512 * 1024;

/** Counts the timers that wait. */
function countTimers(): void {
  const waiting = new Set<unknown>();
  Object.assign(window, { timers: waiting });
  const { setTimeout, clearTimeout, setInterval, clearInterval } = window;
  Object.assign(window, {
    setTimeout(run: () => void, ms?: number) {
      const timer = setTimeout(() => {
        waiting.delete(timer);
        run();
      }, ms);
      waiting.add(timer);
      return timer;
    },
    setInterval(run: () => void, ms?: number) {
      const timer = setInterval(run, ms);
      waiting.add(timer);
      return timer;
    },
    clearTimeout(timer: number) {
      waiting.delete(timer);
      clearTimeout(timer);
    },
    clearInterval(timer: number) {
      waiting.delete(timer);
      clearInterval(timer);
    },
  });
}

/** What lives in a page once its garbage is collected. */
async function living(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  await page.waitForFunction("timers.size === 0");
  for (let turn = 0; turn < 3; turn++) await devtools.send("HeapProfiler.collectGarbage");
  const count = async (name: string, which = "true") => {
    const { result } = await devtools.send("Runtime.evaluate", {
      expression: `${name}.prototype`,
      objectGroup: "counted",
    });
    const { objects } = await devtools.send("Runtime.queryObjects", {
      prototypeObjectId: result.objectId ?? "",
      objectGroup: "counted",
    });
    const { result: length } = await devtools.send("Runtime.callFunctionOn", {
      objectId: objects.objectId ?? "",
      functionDeclaration: `function () { return this.filter((one) => ${which}).length; }`,
    });
    return Number(length.value);
  };
  const objects = {
    // Chromium itself holds on to one that was closed between a change of its state and the event.
    RTCPeerConnection: await count("RTCPeerConnection", "one.connectionState !== 'closed'"),
    RTCDataChannel: await count("RTCDataChannel"),
    WebSocket: await count("WebSocket"),
    ShadowRoot: await count("ShadowRoot"),
  };
  await devtools.send("Runtime.releaseObjectGroup", { objectGroup: "counted" });
  await devtools.send("HeapProfiler.collectGarbage");
  const { nodes, jsEventListeners, documents } = await devtools.send("Memory.getDOMCounters");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  await devtools.detach();
  return { ...objects, nodes, jsEventListeners, documents, usedSize };
}

Deno.test("a page in which pods come and go a hundred times keeps nothing of them", async () => {
  await using model = await startModelEndpoint({ script: { tokens: ["Hello."] } });
  await using chain = await startChain({ modelUrl: model.url });
  const config = {
    name: "Test pod",
    transport: { dartc: { signalUrl: `${chain.brokerUrl}/signal`, podId: "test-pod" } },
  };
  await using site = startWitness({
    page: `<!doctype html><meta charset="utf-8"><title>Leak</title><div id="pod"></div>
<script>${await fullBundle("site")}</script><script>
  async function comeAndGo(times) {
    for (let time = 0; time < times; time++) {
      const pod = document.getElementById("pod").appendChild(document.createElement("div"));
      const { runtime, destroy } = await GemmaPod.mountPod(pod, ${JSON.stringify(config)});
      await runtime.connect();
      await runtime.chat.send("Hello?");
      await runtime.chat.forget(runtime.conversationId);
      await destroy();
      pod.remove();
    }
  }

  /** Goes before the pod has connected, a bit later each time. */
  async function inHaste(times) {
    for (let time = 0; time < times; time++) {
      const pod = document.getElementById("pod").appendChild(document.createElement("div"));
      const { runtime, destroy } = await GemmaPod.mountPod(pod, ${JSON.stringify(config)});
      let steps = 0;
      await new Promise((resolve) => {
        if (time % 8 === 0) resolve();
        runtime.events.on("transport.dartc", () => ++steps === time % 8 && resolve());
      });
      await destroy();
      pod.remove();
    }
  }
</script>`,
  });
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  await page.addInitScript(countTimers);
  await page.goto(`${site.url}/page`);
  await page.evaluate(`comeAndGo(${WARM_UP})`);
  await page.evaluate(`inHaste(${WARM_UP})`);
  const { usedSize: before, ...first } = await living(page);
  await page.evaluate(`comeAndGo(${MOUNTS})`);
  await page.evaluate(`inHaste(${MOUNTS})`);
  const { usedSize: after, ...last } = await living(page);
  assert.deepEqual(last, first);
  assert.ok(after - before < HEAP_SLACK, `the heap grew by ${after - before} bytes`);
});
