import assert from "node:assert/strict";
import { join } from "node:path";
import { fakeApi } from "./fake_host.ts";

Deno.test("the dashboard: our page is at /, may not be framed, and needs no token", async () => {
  const html = () => Promise.resolve("<!doctype html><title>Host</title>");
  const { ask } = fakeApi({}, { dashboard: { kind: "page", html } });
  const visit = {
    "X-Gemmapod-Token": "",
    "sec-fetch-site": "cross-site", // somebody follows a link
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
  };
  const response = await ask("/", { headers: visit });
  assert.equal(response.status, 200);
  assert.match(await response.text(), /<title>Host/);
  assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  assert.equal(response.headers.get("x-frame-options"), "DENY");
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.match(response.headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/);
  assert.equal((await ask("/", { headers: { "sec-fetch-site": "cross-site" } })).status, 403);
  assert.equal((await ask("/", { headers: { host: "evil.example" } })).status, 403);
  assert.equal((await ask("/other")).status, 404);
});

Deno.test("the dashboard: a headless Host has none", async () => {
  const { ask } = fakeApi({}, { dashboard: { kind: "none" } });
  assert.equal((await ask("/")).status, 404);
});

Deno.test("the dashboard: a folder of the owner's own is served, and nothing beside it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-ui-" });
  try {
    const dir = join(folder, "ui");
    await Deno.mkdir(join(dir, "assets"), { recursive: true });
    await Deno.writeTextFile(join(dir, "index.html"), "<h1>Mine</h1>");
    await Deno.writeTextFile(join(dir, "assets", "a b.js"), "let a;");
    await Deno.writeTextFile(join(dir, ".env"), "SECRET");
    await Deno.writeTextFile(join(dir, "tool.sh"), "SECRET");
    await Deno.writeTextFile(join(folder, "secret.txt"), "SECRET");
    await Deno.symlink(join(folder, "secret.txt"), join(dir, "link.txt"));
    const { ask } = fakeApi({}, { dashboard: { kind: "folder", dir } });
    const index = await ask("/");
    assert.equal(await index.text(), "<h1>Mine</h1>");
    assert.match(index.headers.get("content-security-policy") ?? "", /default-src 'self'/);
    const script = await ask("/assets/a%20b.js");
    assert.deepEqual([await script.text(), script.headers.get("content-type")], [
      "let a;",
      "text/javascript; charset=utf-8",
    ]);
    for (
      const path of [
        "/.env",
        "/tool.sh",
        "/link.txt",
        "/..%2Fsecret.txt",
        "/assets/..%2F..%2Fsecret.txt",
        "/assets/%2E%2E/..%2Fsecret.txt",
        "/..%5Csecret.txt",
        "/secret.txt%00.html",
        "//secret.txt",
        "/%zz.html",
        "/assets/",
        "/missing.html",
        "/index.html/x.html",
      ]
    ) {
      const response = await ask(path);
      assert.equal(response.status, 404, path);
      assert.doesNotMatch(await response.text(), /SECRET/);
    }
    assert.equal((await ask("/", { method: "POST" })).status, 404);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
