import assert from "node:assert/strict";
import { runtimeBundle } from "../../../src/assets/mod.ts";
import { launchBrowser } from "../browser.ts";
import { startWitness } from "../fixtures/witness.ts";
import { Gate, startModelEndpoint } from "../model_endpoint.ts";

Deno.test("a browser asks an endpoint itself, where no Host is: in order, streams apart, and stops", async (t) => {
  await using model = await startModelEndpoint();
  const config = {
    name: "Ada",
    systemPrompt: "Be kind.",
    model: "test-model",
    transport: {
      preferred: ["direct", "fallback"],
      dartc: { signalUrl: "ws://127.0.0.1:9/signal", podId: "ada" },
      fallback: { tier: "e2b" },
      direct: { baseUrl: model.url },
    },
  };
  await using site = startWitness({
    page: `<!doctype html><meta charset="utf-8"><title>Ada</title>
<script>${await runtimeBundle()}</script><script>
  const config = ${JSON.stringify(config)};
  const make = (preferred) => {
    const runtime = GemmaPod.create({ ...config, transport: { ...config.transport, preferred } });
    const falls = [];
    runtime.events.on("transport.fallback", ({ from, to }) => falls.push(from + " > " + to));
    return { runtime, falls };
  };
  const seen = {};
  async function read(runtime, name, input) {
    seen[name] = "";
    try {
      for await (const { delta } of runtime.chat.stream(input)) seen[name] += delta;
    } catch (error) {
      seen[name] += "|" + error.name;
    }
  }
</script>`,
  });
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(`${site.url}/page`);
  const outcomes = `({
    falls,
    name: runtime.transport.name,
    trace: runtime.transport.trace.map(({ transport, outcome, code }) => [transport, outcome, code]),
  })`;

  await t.step("what is preferred is tried first, and what works is kept", async () => {
    assert.deepEqual(
      await page.evaluate(`(async () => {
        const { runtime, falls } = make(["direct", "fallback"]);
        await runtime.connect();
        return ${outcomes};
      })()`),
      { falls: [], name: "direct", trace: [["direct", "ready", undefined]] },
    );
  });

  await t.step(
    "without a preference: the Host, the model of this browser, the endpoint",
    async () => {
      assert.deepEqual(
        await page.evaluate(`(async () => {
        const { runtime, falls } = make(undefined);
        await runtime.connect();
        return ${outcomes};
      })()`),
        {
          falls: ["dartc > fallback", "fallback > direct"],
          name: "direct",
          trace: [
            ["dartc", "failed", "broker_unreachable"],
            ["fallback", "skipped", "not_built_in"],
            ["direct", "ready", undefined],
          ],
        },
      );
    },
  );

  await t.step(
    "several answers at once stay apart, and one that is stopped stops there",
    async () => {
      const gates = [new Gate(), new Gate(), new Gate()] as const;
      model.script(({ messages }) => {
        const which = Number(String(messages.at(-1)?.content));
        const tokens = ["a", "b", "c"].map((token) => `${which}${token} `);
        const gate = gates[which];
        return gate === undefined ? { tokens } : { tokens, pace: gate.pace };
      });
      await page.evaluate(`
      var { runtime } = make(["direct"]);
      var stop = new AbortController();
      var reading = [
        read(runtime, "zero", "0"),
        read(runtime, "one", { text: "1", signal: stop.signal }),
        read(runtime, "two", "2"),
      ];
      void 0`);
      const requests = await Promise.all([0, 1, 2].map((index) => model.request(index)));
      for (const gate of [...gates].reverse()) gate.open(2);
      await page.waitForFunction(
        `seen.zero === "0a 0b " && seen.one === "1a 1b " && seen.two === "2a 2b "`,
      );
      await page.evaluate("stop.abort()");
      const stopped = requests.find(({ thread }) => thread.at(-1)?.content === "1");
      assert.equal(await stopped?.ended, "aborted");
      for (const gate of gates) gate.open();
      await page.evaluate("Promise.all(reading).then(() => {})");
      assert.deepEqual(await page.evaluate("seen"), {
        zero: "0a 0b 0c ",
        one: "1a 1b |AbortError",
        two: "2a 2b 2c ",
      });
      assert.deepEqual(
        await page.evaluate(
          "runtime.chat.history().map(({ content, status }) => content.trim() + ' ' + status)",
        ),
        ["0 done", "0a 0b 0c done", "1 done", "1a 1b cancelled", "2 done", "2a 2b 2c done"],
      );
      assert.deepEqual(requests[0]?.thread[0], { role: "system", content: "Be kind." });
    },
  );
});
