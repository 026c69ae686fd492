import assert from "node:assert/strict";
import { accentTones } from "../../../../web/ui/accent.ts";

function luminance(css: string): number {
  const [red = 0, green = 0, blue = 0] = [...css.matchAll(/\d+/g)].map(([part]) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

Deno.test("accentTones() can be read wherever it is used, whatever the owner chose", () => {
  for (const hex of ["#ffe600", "#000000", "#fff", "#7a7a7a", "#4f46e5", "#e11d48", "#0f0"]) {
    const tones = accentTones(hex);
    assert.ok(tones !== undefined, hex);
    assert.ok(contrast(tones.on, tones.surface) >= 4.5, `${hex}: text on the accent`);
    assert.ok(contrast(tones.onLight, "rgb(255 255 255)") >= 4.5, `${hex}: on a light page`);
    assert.ok(contrast(tones.onDark, "rgb(20 22 27)") >= 4.5, `${hex}: on a dark page`);
  }
});

Deno.test("accentTones() keeps a colour that is readable already", () => {
  assert.equal(accentTones("#4f46e5")?.onLight, "rgb(79 70 229)");
});

Deno.test("accentTones() takes hex colours and nothing else", () => {
  for (const text of ["red", "#12", "#12345", "#1234567", "url(x)", "#12345g", ""]) {
    assert.equal(accentTones(text), undefined, text);
  }
});
