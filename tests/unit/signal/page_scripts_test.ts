import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { utf8Encode } from "../../../src/base/mod.ts";
import { BOOT_CALL, ENTRY_GUARD, writePackedPage } from "../../../src/pod/mod.ts";
import { pageScripts } from "../../../src/signal/page_scripts.ts";

const sha256 = (data: string | Uint8Array, as: "hex" | "base64") =>
  createHash("sha256").update(data).digest(as);

const scriptsOf = (html: string) => pageScripts(utf8Encode(html));

const DATA = 'window.__GEMMAPOD_MANIFEST_B64 = "AQID";';
const RUNTIME = "globalThis.GemmaPod = {};";
const SCRIPT = `<script>${RUNTIME}</script>`;

/** What a page is that runs just that runtime. */
const KNOWN = {
  runtimes: [sha256(RUNTIME, "hex")],
  hashes: [sha256(RUNTIME, "base64")],
};

Deno.test("pageScripts() lists the runtimes of a packed page, and hashes for its CSP", () => {
  const data = `\n${DATA}\n`;
  const html = `<div></div><script>${data}</script>\n<script>${RUNTIME}</script>` +
    `<script>${BOOT_CALL}</script>`;
  assert.deepEqual(scriptsOf(html), {
    runtimes: [sha256(RUNTIME, "hex")],
    hashes: [data, RUNTIME, BOOT_CALL].map((script) => sha256(script, "base64")),
  });
});

Deno.test("pageScripts() knows what writePackedPage() writes", () => {
  const wasmGzip = new Uint8Array([4, 5, 6]);
  const title = "Ada </title><script>alert(1)</script> “Zoë”";
  const signedManifest = new Uint8Array([1, 2, 3]);
  const html = writePackedPage({ signedManifest, wasmGzip, bundle: RUNTIME, title });
  const found = scriptsOf(html);
  assert.deepEqual(found?.runtimes, [sha256(wasmGzip, "hex"), sha256(RUNTIME, "hex")]);
  assert.equal(found?.hashes.length, 3);
});

Deno.test("pageScripts() counts the WASM that a page brings as a runtime", () => {
  const html = `<script>window.__GEMMAPOD_WASM_B64 = "BAUG";\n${DATA}</script>${SCRIPT}`;
  assert.deepEqual(scriptsOf(html)?.runtimes, [
    sha256(new Uint8Array([4, 5, 6]), "hex"),
    sha256(RUNTIME, "hex"),
  ]);
});

Deno.test("pageScripts() counts a pod's own script as a runtime, for that it may be", () => {
  const html = `<script>${DATA}\nwindow.__GEMMAPOD_UI_B64 = "BAUG";</script>${SCRIPT}`;
  assert.deepEqual(scriptsOf(html)?.runtimes, [
    sha256(new Uint8Array([4, 5, 6]), "hex"),
    sha256(RUNTIME, "hex"),
  ]);
  // The script's frame has the policy of its page: what runs there is in it, as a browser parses it.
  const data = `${DATA}\nwindow.__GEMMAPOD_UI_B64 = "${btoa("a()\r\n")}";`;
  assert.deepEqual(
    scriptsOf(`<script>${data}</script>${SCRIPT}`)?.hashes,
    [data, "a()\n", ENTRY_GUARD, RUNTIME].map((script) => sha256(script, "base64")),
  );
  assert.equal(scriptsOf(html.replace("BAUG", "BAUG=")), null);
});

Deno.test("pageScripts() takes data with anything beside it for a runtime", () => {
  for (
    const script of [
      `${DATA}alert(1)`,
      `alert(1);${DATA}`,
      `${DATA}\nalert(1)`,
      'window.__GEMMAPOD_MANIFEST_B64 = "AQ" + alert(1) + "ID";',
      'window.__GEMMAPOD_MANIFEST_B64 = "AQ\\u0022ID";',
      'window.__GEMMAPOD_OTHER_B64 = "AQID";',
      'window.location = "AQID";',
      `${BOOT_CALL}alert(1)`,
    ]
  ) {
    assert.deepEqual(scriptsOf(`<script>${script}</script>`)?.runtimes, [sha256(script, "hex")]);
  }
});

Deno.test("pageScripts() hashes a script as its browser does, whose lines end in line feeds", () => {
  const found = scriptsOf("<script>a\r\nb\rc\n</script>");
  assert.deepEqual(found?.runtimes, [sha256("a\nb\nc\n", "hex")]);
});

const harmless: readonly [name: string, html: string][] = [
  ["nothing else", SCRIPT],
  ["a byte order mark", `\ufeff${SCRIPT}`],
  ["upper case", `<!DOCTYPE HTML><HEAD><TITLE>x</TITLE><SCRIPT>${RUNTIME}</SCRIPT >`],
  ["a script in its title", `<title><script>alert(1)</script></title>${SCRIPT}`],
  ["a script in its style", `<style><script>alert(1)</script></style>${SCRIPT}`],
  ["a script for those without", `<noscript><script>alert(1)</script></noscript>${SCRIPT}`],
  ["a script in an attribute", `<p title="<script>alert(1)</script>">x</p>${SCRIPT}`],
  ["a script in single quotes", `<p title = '<script>'lang=en/>x</p>${SCRIPT}`],
  ["a script in a comment", `<!-- <script>alert(1)</script> -- > -->${SCRIPT}`],
  ["signs that begin no tag", `a < b <3 <\u0130script>${SCRIPT}`],
  ["almost its end in a script", `<title></titles></title>${SCRIPT}`],
];

for (const [name, html] of harmless) {
  Deno.test(`pageScripts() finds the scripts of a page with ${name}`, () => {
    assert.deepEqual(scriptsOf(html), KNOWN);
  });
}

const unknown: readonly [name: string, html: string][] = [
  ["a script with a source", `<script src="https://example.org/x.js"></script>${SCRIPT}`],
  ["a module", `<script type="module">${RUNTIME}</script>`],
  ["a space in its tag", `<script >${RUNTIME}</script>`],
  ["a slash in its tag", `<script/>${RUNTIME}</script>`],
  ["an attribute after a line break", `<script\nsrc="x"></script>${SCRIPT}`],
  ["a script that does not end", `<script>${RUNTIME}`],
  ["a script that only seems to end", `<script>${RUNTIME}</scripts>`],
  ["a script in which an end may not be one", `<script>a<!--<script>b</script>c</script>`],
  ["no script at all", `<p>hello`],
  ["data alone", `<script>${DATA}</script>`],
  ["WASM that is not base64", `<script>window.__GEMMAPOD_WASM_B64 = "A";</script>${SCRIPT}`],
  ["a crowd of scripts", SCRIPT.repeat(17)],
  ["a crowd of tags", "<p>".repeat(20_000) + SCRIPT],
  ["a document in an attribute", `<iframe srcdoc="&lt;script src=x>"></iframe>${SCRIPT}`],
  ["another document", `<object data="x.html"></object>${SCRIPT}`],
  ["a base", `<base href="https://example.org/">${SCRIPT}`],
  ["a script of a picture's", `<svg><script>alert(1)</script></svg>${SCRIPT}`],
  ["a template", `<template><script>alert(1)</script></template>${SCRIPT}`],
  ["an element of its own", `<x-y></x-y>${SCRIPT}`],
  ["a style where there is none", `<select><style></select>${SCRIPT}</style>`],
  ["a text area", `<textarea>${SCRIPT}</textarea>${SCRIPT}`],
  ["a comment that ends at once", `<!--><script>alert(1)</script>-->${SCRIPT}`],
  ["a comment that ends at once with a dash", `<!---><script>alert(1)</script>-->${SCRIPT}`],
  ["a comment that ends by mistake", `<!-- --!><script>alert(1)</script>-->${SCRIPT}`],
  ["a comment that does not end", `${SCRIPT}<!-- -- >`],
  ["a comment by mistake", `<?php echo 1 ?>${SCRIPT}`],
  ["an end tag by mistake", `</ p>${SCRIPT}`],
  ["a CDATA section", `<![CDATA[<p>]]>${SCRIPT}`],
  ["a quote in a name", `<p a"b='>'>${SCRIPT}`],
  ["a quote in a bare value", `<p a=b'c>${SCRIPT}`],
  ["a value that does not end", `${SCRIPT}<p a="`],
  ["a missing value", `<p a=>${SCRIPT}`],
  ["a tag that does not end", `${SCRIPT}<p`],
  ["a NUL in a name", `<p\0>${SCRIPT}`],
  ["a title that does not end", `${SCRIPT}<title>`],
  ["scripts of many megabytes", `<script>${" ".repeat(25 * 1024 * 1024)}</script>`],
];

for (const [name, html] of unknown) {
  Deno.test(`pageScripts() does not know the kind of a page with ${name}`, () => {
    assert.equal(scriptsOf(html), null);
  });
}

Deno.test("pageScripts() takes time in proportion to a hostile page of megabytes", () => {
  const fillers = [
    "<script>",
    "<script></script>",
    "<",
    "<p ",
    "<p a='",
    "</",
    "<!--",
    "<!-- -->",
    "<title></t",
    "<title></titles",
    "-",
    "<script><!-",
    "<script>\n",
    `<script>${DATA}\n`,
  ];
  for (const filler of fillers) {
    const started = performance.now();
    scriptsOf(filler.repeat(Math.floor(10 * 1024 * 1024 / filler.length)));
    scriptsOf(`${filler}${filler.slice(-1).repeat(10 * 1024 * 1024)}</script>`);
    assert(performance.now() - started < 5_000, filler);
  }
});
