import assert from "node:assert/strict";
import { presentationOf } from "../../../../web/ui/presentation.ts";

Deno.test("presentationOf() takes what show_presentation sends", () => {
  const shown = presentationOf({
    title: "Tables",
    slides: [
      { title: "Round", text: "Of **ash**" },
      { text: "Long", image: "https://example.org/a (1).jpg" },
    ],
  });
  assert.deepEqual(shown, {
    title: "Tables",
    slides: [
      { title: "Round", markdown: "Of **ash**" },
      { title: "", markdown: "Long\n\n![](https://example.org/a%20%281%29.jpg)" },
    ],
  });
});

Deno.test("presentationOf() leaves out what is no slide, and addresses that nobody may open", () => {
  const shown = presentationOf({
    title: 3,
    slides: [null, 1, {}, { image: "javascript:alert(1)" }, { title: "Left" }],
  });
  assert.deepEqual(shown, { title: "", slides: [{ title: "Left", markdown: "" }] });
});

Deno.test("presentationOf() is bounded", () => {
  const slides = Array.from({ length: 1_000 }, () => ({ text: "x".repeat(100_000) }));
  const shown = presentationOf({ title: "t".repeat(1_000), slides });
  assert.equal(shown?.title.length, 200);
  assert.equal(shown?.slides.length, 50);
  assert.equal(shown?.slides[0]?.markdown.length, 20_000);
});

Deno.test("presentationOf() shows nothing where there is nothing", () => {
  for (const value of [undefined, null, "x", [], {}, { slides: [] }, { slides: [{ text: "" }] }]) {
    assert.equal(presentationOf(value), undefined);
  }
});
