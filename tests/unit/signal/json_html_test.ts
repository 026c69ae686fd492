import assert from "node:assert/strict";
import { utf8Encode } from "../../../src/base/mod.ts";
import { htmlOfJson } from "../../../src/signal/http/json_html.ts";
import { fc } from "../../libraries/fast_check.ts";

async function* cut(body: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += size) {
    yield await Promise.resolve(body.subarray(at, at + size));
  }
}

/** The page in a body that comes in pieces of a size. */
async function htmlIn(body: string | Uint8Array, size = 7): Promise<string> {
  const bytes = typeof body === "string" ? utf8Encode(body) : body;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of htmlOfJson(cut(bytes, size))) parts.push(Uint8Array.from(part));
  return new TextDecoder().decode(await new Blob(parts).arrayBuffer());
}

Deno.test("htmlOfJson() gives any text back, however it is written and cut", async () => {
  const escaped = (text: string) =>
    JSON.stringify(text).replace(
      /[^\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));
  await fc.assert(fc.asyncProperty(text, fc.integer({ min: 1, max: 40 }), async (html, size) => {
    assert.equal(await htmlIn(JSON.stringify({ html }), size), html);
    assert.equal(await htmlIn(`{"html":${escaped(html)}}`, size), html);
  }));
});

Deno.test("htmlOfJson() leaves other members of a body alone", async () => {
  for (
    const body of [
      '{"html":"<p>"}',
      ' {\n"html" :\t"<p>" } \r\n',
      '{"name":"html","html":"<p>"}',
      '{"a":{"html":"no"},"b":["html","x",{"html":"no"}],"html":"<p>","c":null}',
      '{"html":"<p>","a":"\\"html\\":\\"no\\"","b":"\\\\"}',
      '{"a":"x\\u0022","html":"\\u003cp\\u003E"}',
      '{"html":null,"html":"<p>"}',
    ]
  ) assert.equal(await htmlIn(body), "<p>", body);
  assert.equal(await htmlIn('{"html":"\\/\\b\\f\\n\\r\\t\\"\\\\"}'), '/\b\f\n\r\t"\\');
});

Deno.test("htmlOfJson() makes U+FFFD of half a pair, as JSON.parse and UTF-8 do", async () => {
  assert.equal(await htmlIn('{"html":"\\ud83c\\udf55"}', 3), "🍕");
  for (const half of ["\\ud83c", "\\udf55", "\\ud83cx", "\\ud83c\\n", "\\ud83c\\ud83c\\udf55"]) {
    const meant = new TextDecoder().decode(utf8Encode(JSON.parse(`"${half}"`)));
    assert.equal(await htmlIn(`{"html":"${half}"}`, 2), meant, half);
  }
});

Deno.test("htmlOfJson() refuses what is not JSON of the form {html}", async () => {
  for (
    const body of [
      "",
      "{",
      "null",
      '"html"',
      '["html","<p>"]',
      '["html":"<p>"]',
      "{}",
      '{"page":"<p>"}',
      '{"html":5}',
      '{"html":["<p>"]}',
      '{"html":{"html":"<p>"}}',
      '{"html":"<p>"',
      '{"html":"<p>',
      '{"html":"<p>"}}',
      '{"html":"<p>"} x',
      '{"html":"<p>",}',
      '{"html":"<p>","html":"<b>"}',
      '{"html":"<p>","html":null}',
      '{"html":"a\nb"}',
      '{"html":"\\x"}',
      '{"html":"\\u00g0"}',
      '{"a":"html":"<p>"}',
      '{html:"<p>"}',
    ]
  ) await assert.rejects(htmlIn(body), { status: 400, message: /not JSON of the form/ }, body);
});

Deno.test("htmlOfJson() holds no more than a little of what is not the page", async () => {
  const much = " ".repeat(100_000);
  await assert.rejects(htmlIn(`{${much}"html":"<p>"}`, 1000), { status: 400, message: /too much/ });
  assert.equal((await htmlIn(`{"html":"${much}"}`, 1000)).length, much.length);
});
