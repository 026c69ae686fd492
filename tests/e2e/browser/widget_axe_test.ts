import assert from "node:assert/strict";
import { join } from "node:path";
import { barriersOn } from "../../libraries/axe.ts";
import type { Browser } from "../../libraries/playwright.ts";
import { launchBrowser } from "../browser.ts";
import { openStage, type StageOptions, type StagePage } from "../fixtures/stage_page.ts";

/** A folder for pictures of every state, for a person to look at. */
const SHOTS = Deno.env.get("WIDGET_SHOTS");

/** A state that a visitor may see. */
interface State {
  readonly name: string;
  readonly options?: StageOptions;
  /** Brings it about, and waits until it is there. */
  reach(visitor: StagePage): Promise<unknown>;
}

const UI = {
  greeting: "Welcome! Ask me about wood, tools and furniture.",
  starters: ["What are your opening hours?", "Which oil for an oak table?"],
  accent: "#0f766e",
};

const ANSWER = [
  "# Oak\n\nUse **linseed oil**, see [the guide](https://example.org/oil).\n\n",
  "| Oil | Dries in |\n|---|---|\n| linseed | 2 days |\n| tung | 1 day |\n\n",
  "```js\nconst coats = 3;\n```\n\n> Let it dry.\n\n- [x] sand\n- [ ] oil\n",
];

const PRESENTATION = {
  title: "Three tables",
  slides: [
    {
      title: "The round one",
      text: "Made of **ash**, 120 cm.",
      image: "https://example.org/round.jpg",
    },
    { title: "The long one", text: "- oak\n- 220 cm" },
  ],
};

const say = (text: string) => `stage.say(${JSON.stringify(text)});`;

async function answered({ page, ask, play }: StagePage): Promise<void> {
  await ask("How do I treat an oak table, and how long does it take?");
  await play(`${ANSWER.map(say).join("")} stage.done();`);
  await page.locator("[data-role=assistant][data-status=done]").waitFor();
}

const STATES: readonly State[] = [
  {
    name: "connecting",
    options: { options: { stalled: true }, config: { ui: UI } },
    reach: ({ page }) => page.locator("[part~=root][data-state=connecting]").waitFor(),
  },
  {
    name: "ready",
    options: { config: { ui: UI } },
    reach: ({ page }) => page.locator("[part~=root][data-state=ready]").waitFor(),
  },
  {
    name: "streaming",
    async reach({ page, ask, play }) {
      await ask("Tell me");
      await play(say("Once upon a **time** there was"));
      await page.locator("[data-role=assistant] strong").waitFor();
    },
  },
  { name: "answered", reach: answered },
  {
    name: "offline",
    options: { options: { refusal: { code: "origin_offline", message: "No Host" } } },
    reach: ({ page }) => page.locator("[part~=problem]").waitFor(),
  },
  {
    name: "refused",
    options: { options: { refusal: { code: "owner_mismatch", message: "Another owner" } } },
    reach: ({ page }) => page.locator("[part~=root][data-state=error] [part~=problem]").waitFor(),
  },
  {
    name: "scrolled up",
    options: {
      options: {
        history: Array.from({ length: 150 }, (_, i) => ({
          role: i % 2 === 0 ? "user" as const : "assistant" as const,
          content: `No. ${i}`,
        })),
      },
    },
    async reach({ page }) {
      await page.getByText("No. 50", { exact: true }).waitFor({ state: "attached" });
      await page.locator("[part~=log]").evaluate((log) => log.scrollTop = 0);
      await page.locator("[part~=jump]").waitFor();
      await page.locator("[part~=earlier]").waitFor();
    },
  },
  {
    name: "error",
    async reach({ page, ask, play }) {
      await ask("First");
      await play(`stage.fail("model_unavailable", "No model");`);
      await page.locator("[part~=error]").waitFor();
    },
  },
  {
    name: "cut",
    async reach({ page, ask, play }) {
      await ask("First");
      await play(`${say("Half an ans")} stage.refusal = {code: "origin_offline", message: "-"};
        stage.drop();`);
      await page.locator("[data-status=cut]").waitFor();
    },
  },
  {
    name: "queue",
    async reach({ page, ask, play }) {
      await ask("Who are you?");
      await play(`stage.ui({type: "ACTIVITY_SNAPSHOT", messageId: "q", activityType: "queue",
        content: {position: 3, waiting: 4}});`);
      await page.locator("[part~=queue]").waitFor();
    },
  },
  {
    name: "tools and reasoning",
    async reach({ page, ask, play }) {
      await ask("Who are you?");
      await play(`stage.say("Let me think", "reasoning");
        for (const id of ["1", "2"]) {
          stage.ui({type: "TOOL_CALL_START", toolCallId: id, toolCallName: "share_contact"});
          stage.ui({type: "TOOL_CALL_ARGS", toolCallId: id, delta: '{"who":"Ada"}'});
        }
        stage.ui({type: "TOOL_CALL_RESULT", toolCallId: "1", messageId: "t", content: '{"a":1}'});
        stage.say("Ada.");`);
      await page.locator("[part~=tool][data-running=false] summary").click();
      await page.locator("[part~=reasoning] summary").click();
      await page.getByText("Let me think").waitFor();
    },
  },
  {
    name: "presentation",
    async reach({ page, ask, play }) {
      await ask("Show me your tables");
      await play(`stage.ui({type: "CUSTOM", name: "presentation.show",
        value: ${JSON.stringify(PRESENTATION)}}); ${say("Here they are.")} stage.done();`);
      await page.locator("[part~=presentation]").waitFor();
      await page.locator("[data-role=assistant][data-status=done]").waitFor();
    },
  },
  {
    name: "menu",
    async reach(visitor) {
      const { page } = visitor;
      await answered(visitor);
      await page.locator("[part~=new]").click();
      await visitor.ask("Another question");
      await visitor.play(`${say("Yes.")} stage.done();`);
      await page.locator("[data-role=assistant][data-status=done]").waitFor();
      await page.locator("[part~=menu]").click();
      await page.locator("[part~=forget]").last().click();
      await page.locator("[part~=forget-no]").waitFor();
    },
  },
  {
    name: "prompt",
    options: {
      config: { capabilities: [{ name: "payment.intent", risk: "high" }] },
    },
    async reach({ page, play }) {
      await play(`runtime.capabilities.request("payment.intent", {amount: "12.00 EUR"})
        .catch(() => {});`);
      await page.locator("[part~=prompt]").waitFor();
    },
  },
  {
    name: "edit",
    async reach(visitor) {
      await answered(visitor);
      await visitor.page.locator("[data-role=user]").hover();
      await visitor.page.locator("[part~=edit]").click();
      await visitor.page.locator("[part~=editor]").waitFor();
    },
  },
  {
    name: "launcher closed",
    options: { options: { mode: "launcher" }, config: { ui: UI } },
    async reach({ page, play }) {
      await play(`runtime.chat.send("From the page"); ${say("An answer")} stage.done();`);
      await page.locator("[part~=unread]").waitFor();
    },
  },
  {
    name: "launcher open",
    options: { options: { mode: "launcher" }, config: { ui: UI } },
    async reach({ page }) {
      await page.locator("[part~=launcher]").click();
      await page.locator("[part~=input]").waitFor();
    },
  },
  {
    name: "forced colours",
    options: { context: { forcedColors: "active" } },
    reach: answered,
  },
  {
    name: "more contrast",
    options: { context: { contrast: "more" } },
    reach: answered,
  },
  {
    name: "right to left",
    options: { lang: "ar", dir: "rtl" },
    async reach({ page, ask, play }) {
      await ask("كيف أعالج طاولة من خشب البلوط؟");
      await play(`${say("استخدم زيت بذر الكتان.\n\n- أولاً\n- ثانياً\n\n")}
        stage.ui({type: "TOOL_CALL_START", toolCallId: "1", toolCallName: "share_contact"});
        stage.done();`);
      await page.locator("[data-role=assistant][data-status=done]").waitFor();
    },
  },
];

Deno.test("no state of the widget has a barrier, at any width, light or dark", async (t) => {
  await using browser = await launchBrowser();
  for (const state of STATES) {
    await t.step(state.name, () => lookAt(browser, state));
  }
});

async function lookAt(browser: Browser, state: State): Promise<void> {
  await using visitor = await openStage(browser, {
    page: "<h1>A page</h1><p>What the page says by itself.</p>",
    ...state.options,
    context: {
      viewport: { width: 1280, height: 800 },
      reducedMotion: "reduce",
      ...state.options?.context,
    },
  });
  const { page } = visitor;
  await state.reach(visitor);
  for (const width of [1280, 768, 320]) {
    await page.setViewportSize({ width, height: width === 320 ? 640 : 800 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const where = `${state.name} ${width} ${colorScheme}`;
      assert.deepEqual(await barriersOn(page), [], where);
      const widest = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(widest <= width, `${where} is ${widest} px wide`);
      if (SHOTS !== undefined) {
        await page.screenshot({ path: join(SHOTS, `${where.replaceAll(" ", "-")}.png`) });
      }
    }
  }
  assert.deepEqual(visitor.errors, []);
}
