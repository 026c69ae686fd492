import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { utf8Encode } from "../../../src/base/mod.ts";
import { pageScripts } from "../../../src/signal/page_scripts.ts";
import { fc } from "../../libraries/fast_check.ts";
import { launchBrowser } from "../browser.ts";

const PAGES = 500;

/** Whole pieces of pages, plain ones and such as hide a script or seem to. */
const PIECES = [
  "<script>1</script>",
  "<script>'\r\n\r'</script>",
  "<SCRIPT>2</ScRiPt\n>",
  "<script>'</scripts>'</script>",
  "<script>'<script>'</script x='>'>",
  "<!doctype html>",
  "<!DOCTYPE html PUBLIC 'a>b'>",
  "<html lang=en><head>",
  "<meta charset=utf-8>",
  "</head><body>",
  "</body></html>",
  "<title><script>3</script></title>",
  "<title></titles><!-- </title>",
  "<style><script>4</script></style>",
  "<noscript><script>5</script></noscript>",
  "<p title='<script>6</script>'>",
  '<p title="<script>" lang = en/>',
  "<a href=x/y?z>x</a >",
  "<!-- <script>7</script> -->",
  "<!-- -- > --!x -->",
  "<!---->",
  "a < b <3 é",
];

/** Pieces of pieces. */
const BITS = [
  "<script>",
  "</script>",
  "<script",
  "</script",
  ">",
  "<!--",
  "-->",
  "--!>",
  "<",
  "</",
  "<title>",
  "</title>",
  "<style>",
  "</style>",
  "<noscript>",
  "</noscript>",
  "<p ",
  "</p",
  "title=",
  '"',
  "'",
  "`",
  "=",
  "/",
  " ",
  "\n",
  "\r",
  "x",
  "<svg>",
  "<select>",
  "<template>",
  "<textarea>",
  "<iframe>",
  "<frameset>",
  "<table>",
  "<plaintext>",
  "<![CDATA[",
  "]]>",
  "<?",
  "<!",
];

/** Pages whose scripts the broker says that it knows. */
function knownPages(): { html: string; hashes: readonly string[] }[] {
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...PIECES) },
    { weight: 1, arbitrary: fc.constantFrom(...BITS) },
  );
  const page = fc.array(piece, { minLength: 1, maxLength: 14 }).map((parts) => parts.join(""));
  const known = new Map<string, readonly string[]>();
  while (known.size < PAGES) {
    for (const html of fc.sample(page, 1000)) {
      const scripts = pageScripts(utf8Encode(html));
      if (scripts !== null && known.size < PAGES) known.set(html, scripts.hashes);
    }
  }
  return [...known].map(([html, hashes]) => ({ html, hashes }));
}

/** What Chromium finds in pages: the texts of their scripts, and how many documents are inside. */
async function found(
  pages: readonly string[],
): Promise<{ scripts: string[]; documents: number }[]> {
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  return await page.evaluate((pages) =>
    pages.map((html) => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const { contentDocument: inside, contentWindow: view } = frame;
      // Fed to the parser as if it had come from a server, with scripting on.
      inside?.open();
      inside?.write(html);
      inside?.close();
      const scripts = [...inside?.scripts ?? []].map(({ text }) => text);
      const documents = view?.length ?? 0;
      frame.remove();
      return { scripts, documents };
    }), [...pages]);
}

Deno.test("where the broker knows the scripts of a page, Chromium finds just those", async () => {
  const pages = knownPages();
  const seen = await found(pages.map(({ html }) => html));
  for (const [i, { html, hashes }] of pages.entries()) {
    const texts = seen[i]?.scripts ?? [];
    const theirs = texts.map((text) => createHash("sha256").update(text).digest("base64"));
    assert.deepEqual(hashes, theirs, `${JSON.stringify(html)}: ${JSON.stringify(texts)}`);
    assert.equal(seen[i]?.documents, 0, JSON.stringify(html));
  }
});
