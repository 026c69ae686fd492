import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { PROMPT, startChain } from "../chain.ts";
import { launchBrowser } from "../browser.ts";
import { everyMs, type Script, startModelEndpoint } from "../model_endpoint.ts";
import { openPage, type PodPage, type Seen } from "./page.ts";

const TOKENS = Array.from({ length: 200 }, (_, index) => `word${index} `);
const ANSWER = TOKENS.join("").trim();

/** After so many tokens the page should have painted once more, */
const TOKENS_A_PAINT = 4;

/** and be no more than so many paints behind. */
const MOST_BEHIND = 3;

/**
 * 5 ms apart, and never far ahead of what a page has painted: on a machine that is slow or busy the
 * model waits. A Host or a page that collected tokens would wait for ever.
 */
function inStepWith(visitor: () => PodPage | undefined): NonNullable<Script["pace"]> {
  const everyFive = everyMs(5);
  return async (index, signal) => {
    await everyFive(index, signal);
    const paints = index / TOKENS_A_PAINT - MOST_BEHIND;
    if (paints < 1 || !Number.isInteger(paints)) return;
    await visitor()?.page.waitForFunction(
      (least) => (Reflect.get(window, "seen") as Seen).paints >= least, // set by listenIn
      paints,
    );
  };
}

Deno.test("a visitor chats with the owner's model through the packed page, token by token", async (t) => {
  let opened: PodPage | undefined;
  await using model = await startModelEndpoint({
    script: { tokens: TOKENS, pace: inStepWith(() => opened) },
  });
  await using chain = await startChain({ modelUrl: model.url });
  await using browser = await launchBrowser();

  for (
    const [origin, url] of [
      ["the broker", chain.pageUrl],
      ["file://", pathToFileURL(chain.pageFile).href],
    ] as const
  ) {
    const before = model.requests.length;
    await using visitor = await openPage(browser, url);
    opened = visitor;

    await t.step(
      `${origin}: the answer streams into the page and is painted as it comes`,
      async () => {
        await visitor.state("ready");
        await visitor.ask("Count, please.");
        const thread = await visitor.answered(1);
        assert.deepEqual(thread, [
          { role: "user", text: "Count, please." },
          { role: "assistant", text: ANSWER },
        ]);
        const seen = await visitor.seen();
        assert.ok(seen.deltas.length >= 150, `${seen.deltas.length} deltas reached the page`);
        assert.equal(seen.deltas.join(""), TOKENS.join(""));
        const { emittedAt, thread: asked } = await model.request(before);
        const twentieth = emittedAt[19];
        assert.ok(
          twentieth !== undefined && (seen.at[0] ?? Infinity) < twentieth,
          "the first is late",
        );
        assert.ok(seen.paints >= 40, `painted ${seen.paints} times`);
        assert.deepEqual(asked, [
          { role: "system", content: PROMPT },
          { role: "user", content: "Count, please." },
        ]);
      },
    );

    await t.step(
      `${origin}: after a reload the thread is there, and the model is told it`,
      async () => {
        await visitor.page.reload();
        await visitor.state("ready");
        await visitor.answered(1);
        await visitor.ask("And again?");
        const thread = await visitor.answered(2);
        assert.deepEqual(thread.map(({ text }) => text), [
          "Count, please.",
          ANSWER,
          "And again?",
          ANSWER,
        ]);
        const { thread: asked } = await model.request(before + 1);
        assert.deepEqual(asked, [
          { role: "system", content: PROMPT },
          { role: "user", content: "Count, please." },
          { role: "assistant", content: TOKENS.join("") },
          { role: "user", content: "And again?" },
        ]);
      },
    );

    await t.step(`${origin}: nothing on the page is an error`, () => {
      assert.deepEqual(visitor.errors, []);
    });
  }

  await t.step("a tampered page shows the red box and nothing of the manifest", async () => {
    const tampered = join(chain.folder, "tampered.html");
    await Deno.writeTextFile(tampered, tamper(await Deno.readTextFile(chain.pageFile)));
    await using visitor = await openPage(browser, pathToFileURL(tampered).href);
    const box = visitor.page.getByText("gemmapod refused to mount:");
    await box.waitFor();
    const shown = await visitor.page.evaluate(() => document.title + document.body.innerText);
    assert.match(shown, /gemmapod refused to mount: .*signature/);
    assert.doesNotMatch(shown, /Test pod|A pod for tests|secret prompt/);
    assert.equal(await visitor.page.locator("[part~=input]").count(), 0);
    assert.deepEqual((await visitor.seen()).deltas, []);
  });
});

/** Changes one character in the middle of the signed manifest. */
function tamper(html: string): string {
  const [assignment, base64] = /__GEMMAPOD_MANIFEST_B64 = "([^"]+)"/.exec(html) ?? [];
  assert.ok(assignment !== undefined && base64 !== undefined);
  const at = Math.floor(base64.length * 0.75);
  const other = base64[at] === "A" ? "B" : "A";
  return html.replace(
    assignment,
    assignment.replace(base64, base64.slice(0, at) + other + base64.slice(at + 1)),
  );
}
