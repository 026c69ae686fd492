import assert from "node:assert/strict";
import { qrLines } from "../../../src/pack/mod.ts";
import { readQr } from "../../libraries/jsqr.ts";

/** Pixels a side of a module: readers want more than one. */
const SCALE = 4;

/**
 * What a camera would read of a terminal's characters.
 *
 * @param ink whether letters are the dark part, as with black on white
 */
function readOff(lines: readonly string[], ink: "dark" | "light"): string | undefined {
  const rows = lines.flatMap((line) => {
    const cells = [...line];
    return ["▀█", "▄█"].map((set) => cells.map((cell) => set.includes(cell) === (ink === "dark")));
  });
  const width = (rows[0]?.length ?? 0) * SCALE;
  const height = rows.length * SCALE;
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isDark = rows[Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)] === true;
      if (isDark) pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return readQr(pixels, width, height);
}

Deno.test("qrLines() is read as what was written, black on white and plain", () => {
  for (const url of ["https://pods.example/Abc123_-xyz0", `https://p.example/${"x".repeat(200)}`]) {
    const coloured = qrLines(url, "black_on_white");
    for (const line of coloured) {
      assert(line.startsWith("\x1b[38;5;16;48;5;231m") && line.endsWith("\x1b[0m"));
    }
    // deno-lint-ignore no-control-regex -- the colours are told by a control character
    const letters = coloured.map((line) => line.replaceAll(/\x1b\[[0-9;]*m/g, ""));
    assert.equal(readOff(letters, "dark"), url);
    const plain = qrLines(url, "plain");
    assert(plain.every((line) => !line.includes("\x1b")));
    assert.equal(readOff(plain, "light"), url);
  }
});
