import assert from "node:assert/strict";
import { parseTrustList } from "../../../src/signal/trust_list.ts";

const HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

Deno.test("parseTrustList() reads hex and base64, one a line, with comments", () => {
  const zeros = "A".repeat(43);
  const ones = "_".repeat(42) + "8";
  const list = parseTrustList(
    `\ufeff# release 0.7.0\r\n\r\n  ${HEX.toUpperCase()}\t# bundle\nsha256-${zeros}=\r${ones}\n#${HEX}`,
  );
  assert.deepEqual([...list], [HEX, "00".repeat(32), "ff".repeat(32)]);
});

Deno.test("parseTrustList() reads an empty list", () => {
  assert.equal(parseTrustList("").size, 0);
  assert.equal(parseTrustList("\n# nothing yet\n").size, 0);
});

for (
  const line of [
    HEX.slice(1),
    `${HEX}0`,
    `${HEX} ${HEX}`,
    `sha512-${HEX}`,
    "A".repeat(43) + "==",
    "sha256-",
    "gemmapod-shim.iife.js",
    "x".repeat(5_000),
  ]
) {
  Deno.test(`parseTrustList() names the line of ${line.slice(0, 20)} (${line.length})`, () => {
    assert.throws(() => parseTrustList(`${HEX}\n\n${line}\n`), (error: Error) => {
      assert(error instanceof SyntaxError);
      assert.match(error.message, /^line 3 is ".*", expected a SHA-256 in hex or base64$/);
      assert(error.message.length < 200);
      return true;
    });
  });
}
