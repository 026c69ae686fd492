import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { coreWasmGzip, fullBundle, runtimeBundle } from "../../../src/assets/mod.ts";
import { fromBase64, utf8Encode } from "../../../src/base/mod.ts";
import { writePackedPage } from "../../../src/pod/mod.ts";
import vectors from "../../vectors/manifest.json" with { type: "json" };
import table from "./sizes.json" with { type: "json" };

/**
 * How far a size may be from the table before somebody has to look at it: a line of code is less,
 * a feature or a library that slipped in is more.
 */
const TOLERANCE = 0.005;

/** Set it to write the table anew, once its change is meant; it is checked in. */
const UPDATE = "UPDATE_SIZES";

interface Size {
  bytes: number;
  gzip: number;
}

Deno.test("what a visitor downloads is as large as the table says", async () => {
  const [page, site, runtime] = [
    await fullBundle("page"),
    await fullBundle("site"),
    await runtimeBundle(),
  ];
  const sizes: Record<string, Size> = {
    "packed page": sizeOf(packed(page, await coreWasmGzip())),
    "gemmapod-shim.packed.iife.js": sizeOf(page),
    "gemmapod-shim.iife.js": sizeOf(site),
    "gemmapod-runtime.iife.js": sizeOf(runtime),
  };
  if (Deno.env.get(UPDATE)) {
    const text = `${JSON.stringify(sizes, null, 2)}\n`;
    await Deno.writeTextFile(new URL("./sizes.json", import.meta.url), text);
    return;
  }
  const known: Record<string, Size> = table;
  assert.deepEqual(Object.keys(sizes), Object.keys(known));
  for (const [name, { bytes, gzip }] of Object.entries(sizes)) {
    const meant = known[name];
    const isNear = near(bytes, meant?.bytes) && near(gzip, meant?.gzip);
    assert.ok(
      isNear,
      `${name} has ${bytes} bytes, ${gzip} as gzip, and the table says ${JSON.stringify(meant)}. ` +
        `\`deno task build web\` prints what is in it. If it is meant, run this test with ` +
        `${UPDATE}=1 and check sizes.json in.`,
    );
  }
});

/** The page of a small manifest, which is a half of one kilobyte. */
function packed(bundle: string, wasmGzip: Uint8Array): string {
  const accepted = vectors.cases.find(({ ok }) => ok);
  assert.ok(accepted?.signed_b64 !== undefined);
  const signedManifest = fromBase64(accepted.signed_b64);
  return writePackedPage({ signedManifest, wasmGzip, bundle, title: "Pod" });
}

function sizeOf(text: string): Size {
  const bytes = utf8Encode(text);
  return { bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}

function near(size: number, meant: number | undefined): boolean {
  return meant !== undefined && Math.abs(size - meant) <= TOLERANCE * meant;
}
