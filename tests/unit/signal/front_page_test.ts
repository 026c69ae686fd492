import assert from "node:assert/strict";
import { frontPage, pageLanguage } from "../../../src/signal/http/front_page.ts";

const PAGE = {
  lang: "en",
  origin: "https://pods.example",
  origins: 1234,
  sessions: 5,
  version: "1.2.3",
} as const;

for (
  const [header, lang] of [
    [undefined, "en"],
    ["", "en"],
    ["de", "de"],
    ["DE-at,en;q=0.5", "de"],
    ["en-GB, de", "en"],
    ["fr-CH, fr;q=0.9, de;q=0.7, en;q=0.5", "de"],
    ["de;q=0, en", "en"],
    ["de; q=0.0", "en"],
    ["den", "en"],
    ["ja, *;q=0.1", "en"],
  ] as const
) {
  Deno.test(`who wants ${JSON.stringify(header)} reads the front page in ${lang}`, () => {
    assert.equal(pageLanguage(header), lang);
  });
}

Deno.test("the front page counts, and says how to use this broker", () => {
  const page = frontPage(PAGE);
  assert.match(page, /<dd>1,234<\/dd>/);
  assert.match(page, /<dd>5<\/dd>/);
  assert.match(page, /wss:\/\/pods\.example\/signal/);
  assert.match(page, /@card\.html https:\/\/pods\.example\/pods/);
  assert.match(frontPage({ ...PAGE, lang: "de" }), /<dd>1\.234<\/dd>/);
});

Deno.test("the front page has no script, loads nothing, and takes no name for HTML", () => {
  for (const lang of ["en", "de"] as const) {
    const page = frontPage({ ...PAGE, lang, origin: "http://a'&b.example" });
    assert.doesNotMatch(page, /<script|<link|<img|src=|url\(|@import| on\w+=/);
    assert.doesNotMatch(page, /a'&b/);
  }
});
