import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { fc } from "../../libraries/fast_check.ts";
import { toBase64 } from "../../../src/base/mod.ts";
import {
  BOOT_CALL,
  MAX_PAGE_BYTES,
  readPackedPage,
  writePackedPage,
  type WritePackedPageOptions,
} from "../../../src/pod/mod.ts";

const SIGNED = new Uint8Array([0xa2, 0x63, 0x73, 0x69, 0x67, 0xff, 0xfb, 0xbf]);
const WASM = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

function page(changes: Partial<WritePackedPageOptions> = {}): string {
  return writePackedPage({
    signedManifest: SIGNED,
    wasmGzip: gzipSync(WASM),
    bundle: "globalThis.GemmaPod={boot(){}};",
    title: "Hello",
    ...changes,
  });
}

/** The texts of a page's scripts, as a browser would cut them out. */
function scriptsOf(html: string): string[] {
  return [...html.matchAll(/<script>([\s\S]*?)<\/script/gi)].map(([, script]) => script ?? "");
}

Deno.test("writePackedPage() gives the same text for the same options", () => {
  assert.equal(page(), page());
});

Deno.test("writePackedPage() writes the manifest the way that brokers in the field look for it", () => {
  const b64 = toBase64(SIGNED);
  assert(page().includes(`\nwindow.__GEMMAPOD_MANIFEST_B64 = "${b64}";\n`));
  assert.match(page(), /\nwindow\.__GEMMAPOD_WASM_B64 = "H4sI[A-Za-z0-9+/=]+";\n/);
  assert(!page().includes("__GEMMAPOD_UI_B64"));
  const ui = page({ uiScript: new Uint8Array([1]) });
  assert(ui.includes('\nwindow.__GEMMAPOD_UI_B64 = "AQ==";\n'));
});

Deno.test("writePackedPage() runs three inline scripts and asks for nothing else", () => {
  const scripts = scriptsOf(page());
  assert.equal(scripts.length, 3);
  assert.equal(scripts[1], "globalThis.GemmaPod={boot(){}};");
  assert.equal(scripts[2], BOOT_CALL);
  assert(!/\bsrc=|https?:|url\(|@import/i.test(page()));
});

Deno.test("writePackedPage() says what a page declares of itself", () => {
  const html = page({ lang: "pt-BR" });
  assert(html.startsWith('<!doctype html>\n<html lang="pt-BR">'));
  for (
    const part of [
      '<meta charset="utf-8">',
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="color-scheme" content="light dark">',
      '<div id="pod"></div>',
      "<noscript><p lang",
    ]
  ) assert(html.includes(part), part);
  assert.throws(() => page({ lang: 'en" onload="x' }), TypeError);
});

Deno.test("writePackedPage() keeps a bundle from ending its own script", () => {
  const bundle = 'a="</script><script>b</SCRIPT >";c="<!--<script>";d=/[</script]/u;e=`</script`';
  const scripts = scriptsOf(page({ bundle }));
  assert.equal(scripts.length, 3);
  assert.equal(
    scripts[1],
    'a="<\\/script><script>b<\\/SCRIPT >";c="\\x3c!--<script>";d=/[<\\/script]/u;e=`<\\/script`',
  );
});

Deno.test("writePackedPage() leaves a bundle that needs no escape as it is, byte for byte", () => {
  const bundle = "// $& $1 $` \\ \u2028 </style> <script ñ 🍕\nx<y";
  assert.equal(scriptsOf(page({ bundle }))[1], bundle);
});

Deno.test("writePackedPage() refuses a page that no broker would take", () => {
  assert.throws(() => page({ bundle: "x".repeat(MAX_PAGE_BYTES) }), { code: "page_too_large" });
});

Deno.test("no title can end its element, begin a script or look like an assignment", () => {
  const bits = [
    "</title>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "&lt;",
    "&",
    "'",
    '"',
    "`",
    "\0",
    "\r\n",
    "$&",
    "window.__GEMMAPOD_MANIFEST_B64 = ",
    '"AAAA"',
    "\u2028",
  ];
  const title = fc.oneof(
    fc.array(fc.constantFrom(...bits), { maxLength: 8 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary" }),
  );
  fc.assert(fc.property(title, (title) => {
    const html = page({ title });
    const [, inside] = /<title>([^]*?)<\/title>/.exec(html) ?? [];
    assert(inside !== undefined && !/[<>"'`\0\r]/.test(inside), inside);
    assert.equal(decoded(inside), title.replaceAll("\0", "\ufffd"));
    assert.equal(scriptsOf(html).length, 3);
    assert.deepEqual(readPackedPage(html).signedManifest, SIGNED);
  }));
});

function decoded(html: string): string {
  return html.replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)));
}

Deno.test("readPackedPage() reads what writePackedPage() wrote", async () => {
  await fc.assert(fc.asyncProperty(
    fc.uint8Array({ minLength: 1, maxLength: 300 }),
    fc.uint8Array({ minLength: 1, maxLength: 300 }),
    async (signed, ui) => {
      const signedManifest = Uint8Array.from(signed);
      const read = readPackedPage(page({ signedManifest, uiScript: ui }));
      assert.deepEqual(read.signedManifest, signedManifest);
      assert.equal(read.manifestB64, toBase64(signedManifest));
      assert.deepEqual(read.uiScript, Uint8Array.from(ui));
      assert.deepEqual(await read.wasm?.(), WASM);
    },
  ));
});

Deno.test("readPackedPage() reads the assignment however another implementation writes it", () => {
  const b64 = toBase64(SIGNED); // it has +, / and =
  const name = "__GEMMAPOD_MANIFEST_B64";
  const [head, tail] = [b64.slice(0, 5), b64.slice(5)];
  const forms = [
    `window.${name} = "${b64}"`,
    `window.${name}="${b64}"`,
    `window.${name}\n\t=\r\n '${b64}'`,
    `globalThis.${name} = '${b64}';`,
    `self.${name} = \`${b64}\``,
    `window["${name}"] = "${b64}"`,
    `window[ '${name}' ]="${b64}"`,
    `var ${name} = "${b64}"`,
    `${name}="${b64}"`,
    `a=1,window.${name}="${b64}",b=2`,
    `window.${name} = "${head}\n  ${tail}\n"`,
    `window.${name} = "${head}\\\n${tail}"`,
    `window.${name} = "${head}\\\r\n${tail}"`,
    `window.${name} = "${head}\\n${tail}"`,
    `window.${name} = "${b64.replaceAll("/", "\\/")}"`,
    `window.${name} = "${b64.replaceAll("+", "\\u002b").replaceAll("=", "\\x3D")}"`,
    `window.${name} = "${b64.replaceAll("+", "\\u{2B}")}"`,
    `window.${name} = "${b64.replace(/=+$/, "")}"`,
    `window.${name} = "${b64}"; window.${name} = '${head} ${tail}'`,
    `if (window.${name} == "x") {} f(window.${name}); window.${name} = "${b64}"`,
    `window.${name}_OLD = "AAAA"; my${name} = "BBBB"; window.${name} = "${b64}"`,
    `const f = (${name}) => "AAAA"; window.${name} = "${b64}"`,
    `t='window.${name} = "' + b64 + '"'; window.${name} = "${b64}"`,
    `window.${name} = ""; window.${name} = "${b64}"`,
    `window.${name}\u00a0=\u2003\ufeff"${b64}"`.replace("\u2003", "\u2028"),
    `window.${name} = "${head}\u2028${tail}"`,
    `window.${name} = "${head}\\\u2029${tail}"`,
    `window.${name} = "\u00a0${b64}\ufeff"`,
    `ö${name} = "${b64}"`,
    `window.${name} = "${b64}"; window.${name} = \`${b64}\`; self['${name}']="${b64}"`,
  ];
  for (const form of forms) {
    assert.deepEqual(readPackedPage(`<html><script>${form}</script>`).signedManifest, SIGNED, form);
  }
});

Deno.test("readPackedPage() refuses a page that has no manifest, or not one", () => {
  const refused = (html: string, reason: RegExp) =>
    assert.throws(() => readPackedPage(html), { code: "invalid_page", message: reason }, html);
  const name = "__GEMMAPOD_MANIFEST_B64";
  refused("", /no manifest/);
  refused("<p>window.__GEMMAPOD_MANIFEST_B64</p>", /no manifest/);
  refused(`window.${name} == "AAAA"`, /no manifest/);
  refused(`window.${name} = x`, /no manifest/);
  refused(`window.${name} = "A!AA"`, /not base64/);
  refused(`window.${name} = "AAAA`, /not base64/);
  refused(`window.${name} = "AAAAA"`, /not base64/);
  refused(`window.${name} = "AA==AA"`, /not base64/);
  refused(`window.${name} = "AA\\x5fA"`, /not base64/);
  refused(`window.${name} = "AAAA" + rest`, /not base64/);
  refused(`window.${name} = "AAAA".trim()`, /not base64/);
  refused(`window.${name} = "${"A".repeat(1_000_000)}"`, /not base64/);
  refused(`window.${name} = "AA\u00e9A"`, /not base64/);
  refused(`window.${name} = "AA\u2003A"`, /not base64/);
  refused(`window.${name} = "AAAA\\`, /not base64/);
  refused(`window.${name} = "AAAA"; window.${name} = "AAAB"`, /twice, and not the same/);
  refused(`window.${name} = "AAAA";window.${name}\ufeff= 'AAAB'`, /twice, and not the same/);
  refused(`<!-- ${name} = "AAAA" --><script>self["${name}"]='AAAB'</script>`, /not the same/);
  refused(`window.${name} = "AAAA"; __GEMMAPOD_WASM_B64 = "!"`, /WASM_B64 is not base64/);
  refused(" ".repeat(MAX_PAGE_BYTES + 1), /larger than/);
});

Deno.test("readPackedPage() reads a page's bytes as it reads its text", () => {
  const html = page({ title: "Zoë 🍕" });
  const read = readPackedPage(new TextEncoder().encode(html));
  assert.deepEqual(read.signedManifest, readPackedPage(html).signedManifest);
  assert.throws(() => readPackedPage("é".repeat(MAX_PAGE_BYTES / 2 + 1)), /larger than/);
});

Deno.test("readPackedPage() gives the WASM of a page, compressed or not", async () => {
  const html = (wasm: Uint8Array) =>
    `__GEMMAPOD_MANIFEST_B64="AAAA";__GEMMAPOD_WASM_B64="${toBase64(wasm)}"`;
  assert.deepEqual(await readPackedPage(html(WASM)).wasm?.(), WASM);
  assert.deepEqual(await readPackedPage(html(gzipSync(WASM))).wasm?.(), WASM);
  assert.equal(readPackedPage('__GEMMAPOD_MANIFEST_B64="AAAA"').wasm, undefined);
});

Deno.test("readPackedPage() unpacks neither a broken WASM nor a bomb", async () => {
  const html = (wasm: Uint8Array) =>
    `__GEMMAPOD_MANIFEST_B64="AAAA";__GEMMAPOD_WASM_B64="${toBase64(wasm)}"`;
  const bomb = gzipSync(new Uint8Array(20_000_000));
  await assert.rejects(async () => await readPackedPage(html(bomb)).wasm?.(), /larger than/);
  const broken = gzipSync(WASM).subarray(0, 12);
  await assert.rejects(async () => await readPackedPage(html(broken)).wasm?.(), {
    code: "invalid_page",
  });
});

Deno.test("readPackedPage() reads a page of 50 MiB in linear time, whatever is in it", () => {
  const name = "__GEMMAPOD_MANIFEST_B64";
  const real = `;window.${name} = "AAAA";`;
  const fillers = [
    "x",
    "A",
    "\\",
    " ",
    name,
    `${name}=`,
    `${name}="`,
    `${name}="A `,
    `${name}="${"A".repeat(1000)}`,
    `${name}="AAAA\\A";`,
    `["${name}"] = '`,
    "_",
    "6",
    "64",
    "__GEMMAPOD_",
    "<script",
    `"${name}"`,
    `${name}="\\u0041`,
    `${name}="A\ufeff`,
    "\u00a0",
    `${name}${" ".repeat(1000)}`,
  ];
  const size = 5 * 1024 * 1024; // a tenth, so that the tests stay quick; ten times is below
  for (const filler of fillers) {
    const started = performance.now();
    const html = filler.repeat(Math.floor(size / filler.length));
    try {
      readPackedPage(html + real);
    } catch (error) {
      assert.match(String(error), /invalid_page|CodedError/);
    }
    const tookMs = performance.now() - started;
    assert(tookMs < 5_000, `${JSON.stringify(filler.slice(0, 40))}: ${tookMs} ms`);
  }
  const html = "A".repeat(MAX_PAGE_BYTES - 100) + real;
  assert.deepEqual([...readPackedPage(html).signedManifest], [0, 0, 0]);
});
