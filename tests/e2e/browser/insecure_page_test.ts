import assert from "node:assert/strict";
import { fromHex, toHex, utf8Encode } from "../../../src/base/mod.ts";
import { nodeEd25519 } from "../../../src/core/native.ts";
import type { Browser } from "../../libraries/playwright.ts";
import { launchBrowser } from "../browser.ts";
import { bundleFixture } from "../fixtures/bundle_fixture.ts";
import type { Ed25519Report } from "../fixtures/ed25519_page.ts";

const TEXT = "a frame of some hundred characters ".repeat(20);

/** What a page at an address makes of the bundle's Ed25519, and whether it is a secure context. */
async function reportAt(
  browser: Browser,
  address: string,
): Promise<Ed25519Report & { isSecure: boolean }> {
  const script = await bundleFixture("tests/e2e/fixtures/ed25519_page.ts");
  const page = await (await browser.newContext()).newPage();
  await page.route(
    address,
    (route) => route.fulfill({ body: "<!doctype html>", contentType: "text/html" }),
  );
  await page.goto(address);
  await page.addScriptTag({ content: script });
  return await page.evaluate(
    `GemmaPod.report(${
      JSON.stringify(TEXT)
    }).then((report) => ({ ...report, isSecure: isSecureContext }))`,
  );
}

Deno.test("a page from plain http, which has no WebCrypto, signs and verifies all the same", async () => {
  await using browser = await launchBrowser();
  const plain = await reportAt(browser, "http://pod.test/");
  const secure = await reportAt(browser, "https://pod.test/");
  assert.deepEqual([plain.isSecure, plain.name], [false, "noble"]);
  assert.deepEqual([secure.isSecure, secure.name], [true, "webcrypto"]);
  for (const { publicKey, signature, holds, holdsForAnother } of [plain, secure]) {
    const key = await nodeEd25519().signingKey(new Uint8Array(32).fill(7));
    assert.equal(publicKey, toHex(key.publicKey));
    assert.equal(signature, toHex(await key.sign(utf8Encode(TEXT))));
    assert.deepEqual([holds, holdsForAnother], [true, false]);
    const verifier = await nodeEd25519().verifyingKey(fromHex(publicKey));
    assert.ok(await verifier.verify(utf8Encode(TEXT), fromHex(signature)));
  }
});
