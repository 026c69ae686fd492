import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { BOOT_CALL } from "../../../src/pod/mod.ts";
import { pageScripts } from "../../../src/signal/page_scripts.ts";

const sha256 = (data: string | Uint8Array, as: "hex" | "base64") =>
  createHash("sha256").update(data).digest(as);

const DATA = 'window.__GEMMAPOD_MANIFEST_B64 = "AQID";';
const RUNTIME = "globalThis.GemmaPod = {};";

Deno.test("pageScripts() lists the runtimes of a packed page, and hashes for its CSP", async () => {
  const data = `\n${DATA}\n`;
  const html = `<div></div><script>${data}</script>\n<script>${RUNTIME}</script>` +
    `<script>${BOOT_CALL}</script>`;
  assert.deepEqual(await pageScripts(html), {
    runtimes: [sha256(RUNTIME, "hex")],
    hashes: [data, RUNTIME, BOOT_CALL].map((script) => sha256(script, "base64")),
  });
});

Deno.test("pageScripts() counts the WASM that a page brings as a runtime", async () => {
  const html = `<script>window.__GEMMAPOD_WASM_B64 = "BAUG";\n${DATA}</script>` +
    `<script>${RUNTIME}</script>`;
  assert.deepEqual((await pageScripts(html))?.runtimes, [
    sha256(new Uint8Array([4, 5, 6]), "hex"),
    sha256(RUNTIME, "hex"),
  ]);
});

Deno.test("pageScripts() takes data with anything beside it for a runtime", async () => {
  for (
    const script of [
      `${DATA}alert(1)`,
      `alert(1);${DATA}`,
      'window.__GEMMAPOD_MANIFEST_B64 = "AQ" + alert(1) + "ID";',
      'window.__GEMMAPOD_MANIFEST_B64 = "AQ\\u0022ID";',
      'window.location = "AQID";',
      `${BOOT_CALL}alert(1)`,
    ]
  ) {
    const found = await pageScripts(`<script>${script}</script>`);
    assert.deepEqual(found?.runtimes, [sha256(script, "hex")], script);
  }
});

for (
  const [name, html] of [
    ["a script with a source", `<script src="https://example.org/x.js"></script>`],
    ["a module", `<script type="module">${RUNTIME}</script>`],
    ["an attribute after a line break", `<script\nsrc="x"></script><script>${RUNTIME}</script>`],
    ["a script that does not end", `<script>${RUNTIME}`],
    ["no script at all", `<p>hello`],
    ["data alone", `<script>${DATA}</script>`],
    [
      "WASM that is not base64",
      `<script>window.__GEMMAPOD_WASM_B64 = "A";</script><script>1</script>`,
    ],
    ["a letter that grows in lower case", `\u0130<script>${RUNTIME}</script>`],
    ["a crowd of scripts", `<script>${RUNTIME}</script>`.repeat(17)],
  ] as const
) {
  Deno.test(`pageScripts() does not know the kind of a page with ${name}`, async () => {
    assert.equal(await pageScripts(html), null);
  });
}

Deno.test("pageScripts() takes time in proportion to a hostile page of megabytes", async () => {
  const started = performance.now();
  assert.equal(await pageScripts("<script>".repeat(1_000_000)), null);
  assert.equal(await pageScripts("<script></script>".repeat(500_000)), null);
  assert(performance.now() - started < 5_000);
});
