import assert from "node:assert/strict";
import { dashboardPage } from "../../../../src/assets/mod.ts";

Deno.test("the dashboard is one page that loads nothing and talks to its Host alone", async () => {
  const page = await dashboardPage();
  assert.doesNotMatch(page.slice(0, page.indexOf("<script>")), /\b(src|href)="(?!data:)/);
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /connect-src 'self'/);
  assert.doesNotMatch(policy, /unsafe/);
});

Deno.test("the policy of the page names the one script that is in it", async () => {
  const page = await dashboardPage();
  const scripts = [...page.matchAll(/<script>([^]*?)<\/script>/g)];
  assert.equal(scripts.length, 1);
  const code = new TextEncoder().encode(scripts[0]?.[1]);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", code));
  assert.ok(page.includes(`'sha256-${btoa(String.fromCharCode(...hash))}'`));
});

Deno.test("nothing of the dashboard makes HTML out of text", async () => {
  const folder = new URL("../../../../web/dashboard/", import.meta.url);
  async function look(at: URL): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(at)) {
      const url = new URL(name + (isDirectory ? "/" : ""), at);
      if (isDirectory) await look(url);
      else assert.doesNotMatch(await Deno.readTextFile(url), /innerHTML|insertAdjacent|DOMParser/);
    }
  }
  await look(folder);
});
