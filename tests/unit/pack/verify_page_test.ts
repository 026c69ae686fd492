import assert from "node:assert/strict";
import { fromBase64, toBase64 } from "../../../src/base/mod.ts";
import { readPackedPage } from "../../../src/pod/mod.ts";
import { buildPod, keygen, verifyPage } from "../../../src/pack/mod.ts";
import { DEFAULT_ICE_SERVERS } from "../../../src/runtime/ice_servers.ts";
import { pageScripts } from "../../../src/signal/page_scripts.ts";
import vectors from "../../vectors/manifest.json" with { type: "json" };
import { ASSETS, podToml, type TemporaryFolder, temporaryFolder } from "./pod_folder.ts";

async function builtPage(more = ""): Promise<TemporaryFolder & { readonly page: string }> {
  const folder = await temporaryFolder();
  await Deno.writeTextFile(folder.at("pod.toml"), podToml(more));
  await Deno.writeTextFile(folder.at("own.js"), "draw()");
  await keygen(folder.dir);
  const { out } = await buildPod({ dir: folder.dir, out: folder.at("page.html"), assets: ASSETS });
  return { ...folder, page: out };
}

async function edit(path: string, change: (html: string) => string): Promise<void> {
  const html = await Deno.readTextFile(path);
  const changed = change(html);
  assert.notEqual(changed, html);
  await Deno.writeTextFile(path, changed);
}

Deno.test("verifyPage() says who signed a page, for which pod, and what it may do", async () => {
  await using folder = await builtPage(`[transport.direct]
base_url = "https://models.example:8443/v1"
[transport.fallback]
tier = "e2b"
[[tools]]
name = "share_contact"
description = "x"
[[capabilities]]
name = "clipboard.write"
required = true
risk = "high"
[[capabilities]]
name = "network.fetch:api.example"
`);
  const { bytes, manifestBytes, ownerPubkey, runtime, ...verified } = await verifyPage(
    folder.page,
    { assets: ASSETS },
  );
  assert.equal(runtime.known, true);
  assert.deepEqual(verified, {
    podId: "hello-pod",
    name: "Hello & <World>",
    persona: "",
    model: "gemma4:e4b",
    tools: ["share_contact"],
    hosts: ["127.0.0.1:8080", "models.example:8443"],
    contacts: [
      { host: "127.0.0.1:8080", purpose: "broker" },
      { host: "models.example:8443", purpose: "model" },
      { host: "cdn.jsdelivr.net", purpose: "download" },
      { host: "huggingface.co", purpose: "download" },
      { host: "api.example", purpose: "fetch" },
    ],
    capabilities: [
      { name: "clipboard.write", required: true, risk: "high" },
      { name: "network.fetch:api.example", required: false },
    ],
    hasBrowserModel: true,
  });
  assert.match(ownerPubkey, /^[0-9a-f]{64}$/);
  assert(bytes > manifestBytes && manifestBytes > 300);
});

Deno.test("verifyPage() reads the page of another implementation", async () => {
  await using folder = await temporaryFolder();
  const [vector] = vectors.cases;
  const html = `<script>globalThis.__GEMMAPOD_MANIFEST_B64='${vector?.signed_b64}'</script>`;
  await Deno.writeTextFile(folder.at("page.html"), html);
  const verified = await verifyPage(folder.at("page.html"));
  assert.equal(verified.ownerPubkey, vectors.owner.publicKey);
  assert.deepEqual(verified.tools, ["share_contact", "show_project"]);
});

Deno.test("verifyPage() refuses a page whose manifest was changed", async () => {
  await using folder = await builtPage();
  await edit(folder.page, (html) => {
    const { manifestB64 } = readPackedPage(html);
    const signed = fromBase64(manifestB64);
    signed[signed.length - 1] = (signed.at(-1) ?? 0) ^ 1;
    return html.replace(manifestB64, toBase64(signed));
  });
  await assert.rejects(verifyPage(folder.page), { code: "manifest_rejected" });
});

Deno.test("verifyPage() refuses a page that was cut off, though its manifest holds", async () => {
  await using folder = await builtPage();
  await edit(folder.page, (html) => html.slice(0, html.lastIndexOf("<script>") - 20));
  await assert.rejects(verifyPage(folder.page), { code: "invalid_page", message: /cut off/ });
});

Deno.test("verifyPage() refuses a page whose own script is not the one that was signed", async () => {
  const change = (b64: string) => (html: string) =>
    html.replace(/(__GEMMAPOD_UI_B64 = ")[^"]*/, `$1${b64}`);
  for (const script of [toBase64(new TextEncoder().encode("steal()")), ""]) {
    await using folder = await builtPage('[ui]\nentry = "own.js"');
    await verifyPage(folder.page);
    await edit(folder.page, change(script));
    await assert.rejects(verifyPage(folder.page), (error) => {
      assert.match(String(Reflect.get(Object(error), "code")), /^(entry_mismatch|invalid_page)$/);
      return true;
    });
  }
  await using folder = await builtPage();
  await edit(
    folder.page,
    (html) =>
      html.replace(
        "window.__GEMMAPOD_MANI",
        'window.__GEMMAPOD_UI_B64="AAAA";window.__GEMMAPOD_MANI',
      ),
  );
  await assert.rejects(verifyPage(folder.page), { code: "entry_mismatch" });
});

Deno.test("verifyPage() refuses what is no page", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(folder.at("page.html"), "<p>hello");
  await assert.rejects(verifyPage(folder.at("page.html")), { code: "invalid_page" });
  await Deno.writeFile(folder.at("page.html"), new Uint8Array([0xff, 0xfe, 0]));
  await assert.rejects(verifyPage(folder.at("page.html")), { code: "invalid_page" });
  await assert.rejects(verifyPage(folder.at("missing.html")), { code: "no_page" });
  await assert.rejects(verifyPage(folder.dir), { code: "invalid_page" });
});

Deno.test("verifyPage() reads no page that a broker would not take", async () => {
  await using folder = await temporaryFolder();
  {
    using file = await Deno.open(folder.at("page.html"), { write: true, createNew: true });
    await file.truncate(51 * 1024 * 1024);
  }
  await assert.rejects(verifyPage(folder.at("page.html")), { code: "invalid_page" });
});

Deno.test("verifyPage() names the STUN servers that the runtime asks, but for a broker on loopback", async () => {
  await using folder = await builtPage();
  await edit(
    folder.at("pod.toml"),
    (toml) => toml.replace("ws://127.0.0.1:8080", "wss://pods.example"),
  );
  await buildPod({ dir: folder.dir, out: folder.page, assets: ASSETS });
  const { contacts } = await verifyPage(folder.page, { assets: ASSETS });
  const stun = contacts.filter(({ purpose }) => purpose === "stun").map(({ host }) => host);
  const servers = DEFAULT_ICE_SERVERS.flatMap(({ urls }) => urls);
  assert.deepEqual(stun, servers.map((url) => url.replace(/^stun:/, "")));
});

Deno.test("verifyPage() knows a page as this build's only when nothing else is in it", async () => {
  const verified = async (page: string) => await verifyPage(page, { assets: ASSETS });
  const changes: ((html: string) => string)[] = [
    (html) => html.replace("</body>", "<script>steal()</script></body>"),
    (html) => html.replace("<body>", "<body onload=steal()>"),
    (html) => html.replace("boot(){}", "boot(){steal()}"),
    (html) => `\ufeff${html}`,
    (html) => html.replaceAll("\n", "\r\n"),
    (html) => html.replace('WASM_B64 = "H4s', 'WASM_B64 = "H5s'),
    (html) => `${html}<!-- more -->`,
  ];
  for (const change of changes) {
    await using folder = await builtPage('[ui]\nentry = "own.js"');
    const before = (await verified(folder.page)).runtime;
    assert.equal(before.known, true);
    assert.deepEqual(before.code.map(({ kind, known }) => [kind, known]), [
      ["bundle", true],
      ["wasm", true],
      ["entry", false],
    ]);
    await edit(folder.page, change);
    assert.equal((await verified(folder.page)).runtime.known, false);
  }
});

Deno.test("verifyPage() prints the hashes that a broker asks its operator to trust", async () => {
  await using folder = await builtPage('[ui]\nentry = "own.js"');
  const { runtime } = await verifyPage(folder.page, { assets: ASSETS });
  const asked = pageScripts(await Deno.readFile(folder.page))?.runtimes ?? [];
  assert.equal(asked.length, 3);
  assert.deepEqual(runtime.code.map(({ sha256 }) => sha256).sort(), [...asked].sort());
});

Deno.test("verifyPage() takes time in proportion to a hostile page", async () => {
  for (const piece of ["<script>", "<script ", "</script", "window.__GEMMAPOD_WASM_B64 = 'AA"]) {
    await using folder = await builtPage();
    await edit(folder.page, (html) => html + piece.repeat(4_000_000 / piece.length));
    const begun = performance.now();
    const { runtime } = await verifyPage(folder.page, { assets: ASSETS });
    assert(performance.now() - begun < 10_000, piece); // a square would be hours
    assert.equal(runtime.known, false);
  }
});
