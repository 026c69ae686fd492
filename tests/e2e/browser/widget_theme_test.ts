import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { launchBrowser } from "../browser.ts";
import { openStage, type StagePage } from "../fixtures/stage_page.ts";

const ROOT = join(import.meta.dirname ?? ".", "../../..");

/** Where an embedder's value is seen: a property of the first element that a selector finds. */
interface Seen {
  set: string;
  at: string;
  property: string;
  /** @default what was set */
  is?: string;
}

/** All that can be set, each with a value that nothing has by itself. */
const PROPERTIES: Readonly<Record<string, Seen>> = {
  "accent": { set: "rgb(1, 2, 3)", at: "[part~=allow]", property: "background-color" },
  "on-accent": { set: "rgb(2, 3, 4)", at: "[part~=allow]", property: "color" },
  "accent-text": { set: "rgb(3, 4, 5)", at: "[part~=text] a", property: "color" },
  "background": { set: "rgb(4, 5, 6)", at: "[part~=prompt]", property: "background-color" },
  "surface": { set: "rgb(5, 6, 7)", at: "[part~=code]", property: "background-color" },
  "text": { set: "rgb(6, 7, 8)", at: "[part~=prompt]", property: "color" },
  "muted": { set: "rgb(7, 8, 9)", at: "[part~=persona]", property: "color" },
  "border": { set: "rgb(8, 9, 10)", at: "[part~=header]", property: "border-bottom-color" },
  "danger": { set: "rgb(9, 10, 11)", at: "[part~=error] .icon", property: "color" },
  "font": { set: "fantasy", at: "[part~=text]", property: "font-family" },
  "font-size": { set: "20px", at: "[part~=root]", property: "font-size" },
  "code-font": { set: "cursive", at: "[part~=code] code", property: "font-family" },
  "radius": { set: "12px", at: "[part~=root]", property: "border-top-left-radius" },
  "height": { set: "333px", at: "#plain", property: "height" },
  "lane": { set: "300px", at: "[part~=composer]", property: "width", is: "250px" },
  "launcher-inset": { set: "7px", at: "[part~=launcher]", property: "bottom" },
  "panel-width": { set: "321px", at: "dialog[part~=root]", property: "width" },
  "panel-height": { set: "432px", at: "dialog[part~=root]", property: "height" },
};

const CSS = `#pod, #plain { ${
  Object.entries(PROPERTIES).map(([name, { set }]) => `--gemmapod-${name}: ${set};`).join(" ")
} }`;

/** A property of the first of these elements that is shown. */
function style({ page }: StagePage, at: string, property: string): Promise<string> {
  return page.locator(at).first().evaluate(
    (element, name) => getComputedStyle(element).getPropertyValue(name),
    property,
  );
}

async function assertUsed(visitor: StagePage, which: (name: string) => boolean): Promise<number> {
  const used = Object.entries(PROPERTIES).filter(([name]) => which(name));
  for (const [name, { set, at, property, is = set }] of used) {
    assert.equal(await style(visitor, at, property), is, name);
  }
  return used.length;
}

/** Those of a chat behind a button. */
const OF_LAUNCHER = (name: string) => /^(?:launcher|panel)-/.test(name);

Deno.test("each custom property that the README names is used, and it names all there are", async (t) => {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const named = [...readme.matchAll(/^\| `--gemmapod-([a-z-]+)`/gm)].map(([, name]) => name);
  assert.deepEqual(named.toSorted(), Object.keys(PROPERTIES).toSorted());
  await t.step("no style sheet has another", async () => {
    const found = new Set<string>();
    for await (const file of glob("web/ui/**/*.{css,ts,tsx}", { cwd: ROOT })) {
      const text = await readFile(join(ROOT, file), "utf8");
      for (const [, name = ""] of text.matchAll(/var\(\s*--gemmapod-([a-z-]+)/g)) found.add(name);
    }
    assert.deepEqual([...found].toSorted(), named.toSorted());
  });

  await using browser = await launchBrowser();
  await t.step("in the page's text", async () => {
    await using visitor = await openStage(browser, {
      config: { ui: { accent: "#0f766e" }, capabilities: [{ name: "file.save" }] },
      css: CSS,
    });
    const { page } = visitor;
    await visitor.ask("Hello");
    await visitor.play(`stage.say("[a](https://example.org)\\n\\n\`\`\`\\ncode\\n\`\`\`\\n");
      stage.fail("model_unavailable", "-");`);
    await page.locator("[part~=error]").waitFor();
    await visitor.play(`
      void runtime.capabilities.request("file.save", {name: "a.txt"}).catch(() => {});
      const plain = document.body.appendChild(document.createElement("div"));
      plain.id = "plain";
      await GemmaPod.start(plain);`);
    await page.locator("[part~=prompt]").waitFor();
    assert.equal(await assertUsed(visitor, (name) => !OF_LAUNCHER(name)), 15);
  });
  await t.step("behind a button", async () => {
    await using visitor = await openStage(browser, { options: { mode: "launcher" }, css: CSS });
    await visitor.page.locator("[part~=launcher]").click();
    assert.equal(await assertUsed(visitor, OF_LAUNCHER), 3);
  });
});

Deno.test("the README names every part, and no other", async () => {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const [, list = ""] = /`::part\(\)` reaches further:([^.]+)\./.exec(readme) ?? [];
  const named = [...list.matchAll(/`([a-z-]+)`/g)].map(([, part]) => part);
  const found = new Set(["message", "user", "assistant"]); // of a message and its role
  for await (const file of glob("web/ui/**/*.{ts,tsx}", { cwd: ROOT })) {
    const text = await readFile(join(ROOT, file), "utf8");
    for (const [, part = ""] of text.matchAll(/\bpart(?:=|: )"([a-z-]+)"/g)) found.add(part);
    for (const [, one = "", other = ""] of text.matchAll(/\bpart=\{.* \? "(.*)" : "(.*)"\}/g)) {
      found.add(one).add(other);
    }
  }
  assert.deepEqual(named.toSorted(), [...found].toSorted());
});

Deno.test("the pod's accent is used where the embedder has none, readable on light and dark", async () => {
  await using browser = await launchBrowser();
  await using visitor = await openStage(browser, { config: { ui: { accent: "#ffe600" } } });
  await visitor.page.locator("[part~=input]").fill("Hello");
  assert.equal(await style(visitor, "[part~=send]", "background-color"), "rgb(255, 230, 0)");
  assert.equal(await style(visitor, "[part~=send]", "color"), "rgb(0, 0, 0)");
});
