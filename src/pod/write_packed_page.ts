import { CodedError, toBase64 } from "../base/mod.ts";
import { BOOT_CALL, MAX_PAGE_BYTES, PAGE_GLOBALS } from "./packed_page.ts";

/** What {@linkcode writePackedPage} makes a page of. */
export interface WritePackedPageOptions {
  /** The bytes of the signed manifest. */
  signedManifest: Uint8Array;
  /** `core.wasm`, compressed by the pinned gzip, so that the page is the same on every machine. */
  wasmGzip: Uint8Array;
  /** The full browser bundle, built without its own copy of the WASM. */
  bundle: string;
  /** The title of the window: the pod's name. Any text. */
  title: string;
  /**
   * The language of the page, as in HTML's `lang`.
   * @default "en"
   */
  lang?: string;
  /** The pod's own script, whose SHA-256 the manifest has. */
  uiScript?: Uint8Array;
}

/**
 * The packed page: one `.html` that shows itself without another request (manifest.md, "Packed
 * page"). The same options give the same text, byte for byte.
 *
 * Of the pod only the title is legible before the signature was checked, and it stands in the head,
 * escaped. What the page runs are three inline scripts: the data, the bundle as it is, the call of
 * `boot`.
 *
 * Throws {@linkcode CodedError} `page_too_large` over {@linkcode MAX_PAGE_BYTES}, and `TypeError`
 * for a `lang` that is none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readPackedPage, writePackedPage } from "./mod.ts";
 *
 * const signedManifest = new Uint8Array([1, 2, 3]);
 * const html = writePackedPage({
 *   signedManifest,
 *   wasmGzip: new Uint8Array([0x1f, 0x8b, 8]),
 *   bundle: "globalThis.GemmaPod = { boot() {} };",
 *   title: "Ada </title><script>alert(1)</script>",
 * });
 * assert.deepEqual(readPackedPage(html).signedManifest, signedManifest);
 * assert(!html.includes("<script>alert(1)"));
 * ```
 */
export function writePackedPage(options: WritePackedPageOptions): string {
  const { signedManifest, wasmGzip, bundle, title, lang = "en", uiScript } = options;
  if (!/^[A-Za-z0-9-]{1,35}$/.test(lang)) {
    throw new TypeError(`Cannot write the page: lang is ${JSON.stringify(lang)}, expected a tag`);
  }
  const data = [
    assignment(PAGE_GLOBALS.wasm, wasmGzip),
    assignment(PAGE_GLOBALS.manifest, signedManifest),
    ...(uiScript === undefined ? [] : [assignment(PAGE_GLOBALS.ui, uiScript)]),
  ];
  const html = `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<div id="pod"></div>
<noscript><p lang="en">${NOSCRIPT}</p></noscript>
<script>
${data.join("\n")}
</script>
<script>${escapeScript(bundle)}</script>
<script>${BOOT_CALL}</script>
</body>
</html>
`;
  // A page is a broker's to take or refuse by its bytes; a text has at least as many as characters.
  if (html.length > MAX_PAGE_BYTES || new TextEncoder().encode(html).length > MAX_PAGE_BYTES) {
    throw new CodedError(
      "page_too_large",
      `Cannot write the page: it has over ${MAX_PAGE_BYTES} bytes, more than a broker takes`,
    );
  }
  return html;
}

/** The page's own colours before the widget has any, so that a dark page never flashes white. */
const STYLE = "html{color-scheme:light dark}html,body,#pod{height:100%}body{margin:0}" +
  "noscript p{font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:0 auto;padding:2em}";

const NOSCRIPT =
  "This page is a chat with an AI agent that answers from its owner’s own machine. " +
  "It needs JavaScript to check who signed it and to connect; please allow scripts and reload.";

/** Plain, on a line of its own: brokers in the field look for exactly this. */
function assignment(name: string, bytes: Uint8Array): string {
  return `window.${name} = "${toBase64(bytes)}";`;
}

/** Text for an element or an attribute; with its quotes gone it cannot look like an assignment. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`\0\r]/g, (character) => `&#${character.charCodeAt(0) || 0xfffd};`);
}

/**
 * A script in which `</script` and `<!--` cannot end it or hide its end. Bundlers write both escaped
 * already; where one did not, these escapes mean the same in strings, templates and regular
 * expressions, which is where they can stand.
 */
function escapeScript(script: string): string {
  return script.replace(/<(?=\/script)/gi, "<\\").replace(/<(?=!--)/g, "\\x3c");
}
