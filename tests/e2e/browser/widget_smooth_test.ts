import assert from "node:assert/strict";
import type { Browser, Page } from "../../libraries/playwright.ts";
import { launchBrowser } from "../browser.ts";
import { openStage, type StagePage } from "../fixtures/stage_page.ts";
import { type MainTask, mainTasks, toil } from "./main_thread.ts";

/** A task that is longer is felt, says the Long Tasks API. */
const LONG_MS = 50;

/** A thread as long as people have, with all that an answer may have in it. */
const HISTORY = Array.from(
  { length: 500 },
  (_, i) =>
    i % 2 === 0 ? { role: "user" as const, content: `Question ${i}` } : {
      role: "assistant" as const,
      content: `Answer ${i} with **some** text, \`code\`, [a link](https://example.org/${i}).

| Oil | Dries in |
|---|---|
| linseed | 2 days |

- sand
- oil, and let it dry for as long as it takes, which is longer than most people think

\`\`\`js
const coats = ${i};
\`\`\`
`,
    },
);

/** 400 words, and a piece of everything that Markdown has. */
const WORDS = Array.from({ length: 400 }, (_, i) => {
  if (i % 80 === 30) return "\n\n- one\n- **two**\n\n";
  if (i % 80 === 50) return "\n\n```js\nconst a = 1;\n```\n\n";
  if (i % 80 === 70) return "\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n";
  return `word${i}${i % 12 === 11 ? ".\n\n" : " "}`;
});

/** What a page saw while an answer came. */
interface Smoothness {
  /** The score of all layout shifts since the page was opened. */
  shift: number;
  /** Frames that were painted from the first word to the last. */
  frames: number;
  /** How many of them showed more than the one before. */
  texts: number;
  /** How many took something back that was there before. */
  flickers: number;
}

/** Runs in the page: begins to count. */
function watch(): void {
  const seen: Smoothness = { shift: 0, frames: 0, texts: 0, flickers: 0 };
  Object.assign(globalThis, { seen });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.shift += Number(Reflect.get(entry, "value"));
  }).observe({ type: "layout-shift", buffered: true });
  const root = document.getElementById("pod")?.shadowRoot;
  let last = "";
  const look = () => {
    const all = root?.querySelectorAll("[data-role=assistant] [part~=text]");
    const text = all?.[all.length - 1]?.textContent ?? "";
    if (text !== "") seen.frames++;
    if (text !== last) seen.texts++;
    if (!text.startsWith(last)) seen.flickers++;
    last = text;
    if (root?.querySelector("[part~=root][data-state=streaming]")) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Asks, has 200 words a second arrive, and waits until all of them are on the screen. */
async function stream({ page, play, ask }: StagePage): Promise<void> {
  await ask("Count.");
  await page.evaluate(watch);
  await play(`
    const words = ${JSON.stringify(WORDS)};
    await new Promise((resolve) => {
      const timer = setInterval(() => {
        const word = words.shift();
        if (word !== undefined) return stage.say(word);
        clearInterval(timer);
        stage.done();
        resolve();
      }, 5);
    });`);
  await page.locator("[part~=root][data-state=ready]").waitFor();
}

async function open(browser: Browser, history: typeof HISTORY, slowdown = 1): Promise<StagePage> {
  const visitor = await openStage(browser, { slowdown, options: { history } });
  if (history.length > 0) await visitor.page.locator("[part~=message]").nth(99).waitFor();
  return visitor;
}

/** Asserts that the answer is there, and came without a move and as steadily as the frames. */
async function assertSmooth(page: Page): Promise<void> {
  const text = await page.locator("[part~=message]").last().locator("[part~=text]").innerText();
  const numbers = [...text.matchAll(/word(\d+)/g)].map(([, number]) => number);
  const said = [...WORDS.join("").matchAll(/word(\d+)/g)].map(([, number]) => number);
  assert.deepEqual(numbers, said);
  const seen = await page.evaluate(() => Reflect.get(globalThis, "seen") as Smoothness);
  assert.equal(seen.shift, 0, "layout shift");
  assert.equal(seen.flickers, 0, "words that stood there went away");
  // Where frames take long, every other one is left to the page.
  const { texts, frames } = seen;
  assert.ok(texts >= Math.max(10, frames / 8), `${texts} texts in ${frames} frames`);
}

/** A machine that is very busy slows the thread's clock as well: a task that is long is so again. */
const ATTEMPTS = 3;

/** Asserts that no task of a scene takes longer than what is felt. */
async function assertShort(least: number, scene: () => Promise<MainTask[]>): Promise<void> {
  const long: MainTask[][] = [];
  do {
    const tasks = await scene();
    assert.ok(tasks.length >= least, `the trace has ${tasks.length} tasks`);
    long.push(tasks.filter(({ cpuMs }) => cpuMs > LONG_MS));
  } while (long.at(-1)?.length !== 0 && long.length < ATTEMPTS);
  assert.deepEqual(long.at(-1), [], `attempts: ${JSON.stringify(long)}`);
}

Deno.test("200 tokens a second are streamed without a long task, flicker or layout shift", async (t) => {
  await using browser = await launchBrowser();
  for (const history of [[], HISTORY]) {
    await t.step(`in a thread of ${history.length} messages`, async () => {
      // Each word is a task of its own, and so is each frame.
      await assertShort(WORDS.length, async () => {
        await using visitor = await open(browser, history);
        const tasks = await mainTasks(visitor.page, () => stream(visitor));
        await assertSmooth(visitor.page);
        return tasks;
      });
    });
  }
  await t.step("and a long task would have been seen", async () => {
    await using visitor = await openStage(browser);
    const [longest] = await mainTasks(visitor.page, async () => {
      await visitor.page.evaluate(toil);
    });
    assert.ok(longest && longest.cpuMs > LONG_MS, JSON.stringify(longest));
  });
});

Deno.test("on a slow phone nothing moves either, neither when a thread opens nor while it grows", async () => {
  await using browser = await launchBrowser();
  await using visitor = await open(browser, HISTORY, 4);
  await stream(visitor);
  await assertSmooth(visitor.page);
});

Deno.test("a thread of 500 messages opens, and shows its earlier ones, without a long task", async (t) => {
  await using browser = await launchBrowser();
  const shown = async (page: Page, count: number) => {
    await page.locator("[part~=message]").nth(count - 1).waitFor({ state: "attached" });
    await page.locator("[data-role=assistant][data-status=done]").first().waitFor();
  };
  await t.step("opens", () =>
    assertShort(10, async () => {
      await using visitor = await openStage(browser);
      const { page, play } = visitor;
      await play(`await runtime.destroy(); globalThis.long = ${JSON.stringify(HISTORY)};`);
      return await mainTasks(page, async () => {
        // In a task of its own, as a page does it.
        await play(`setTimeout(() => GemmaPod.start(document.getElementById("pod"), {},
          { history: long }));`);
        await shown(page, 100);
      });
    }));
  await t.step("shows earlier messages", () =>
    assertShort(10, async () => {
      await using visitor = await openStage(browser, { options: { history: HISTORY } });
      const { page } = visitor;
      await shown(page, 100);
      return await mainTasks(page, async () => {
        await page.locator("[part~=earlier]").click();
        await shown(page, 200);
      });
    }));
});

Deno.test("a thread of short messages fills a tall page from its first frame on", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, {
    context: { viewport: { width: 800, height: 1400 } },
    options: {
      history: Array.from({ length: 300 }, (_, i) => ({
        role: i % 2 === 0 ? "user" as const : "assistant" as const,
        content: `No. ${i}`,
      })),
    },
  });
  const { page } = visitor;
  await page.locator("[part~=message]").nth(99).waitFor({ state: "attached" });
  await page.evaluate(watch);
  await page.waitForFunction(() => {
    const { frames } = Reflect.get(globalThis, "seen") as Smoothness;
    return frames > 0; // what was told before the observer was there has been told
  });
  assert.equal(await page.evaluate("seen.shift"), 0);
});
