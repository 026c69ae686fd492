import assert from "node:assert/strict";
import { toHex } from "../../../src/base/mod.ts";
import { nodeEd25519 } from "../../../src/core/native.ts";
import { signFrame, type UnsignedFrame, verifyFrame } from "../../../src/dartc/mod.ts";

const FRAME: UnsignedFrame = {
  version: "0.2",
  msg_id: "1",
  from: "visitor:1",
  to: "*",
  topic: "a.b",
  timestamp: 1,
  payload: { b: 1, a: 2 },
};

const key = await nodeEd25519().generate();
const hex = toHex(key.publicKey);

Deno.test("verifyFrame() accepts what signFrame() signed, as text in any order of members", async () => {
  const { signature, ...rest } = await signFrame(FRAME, key);
  const frame = await verifyFrame(JSON.stringify({ signature, ...rest }), hex);
  assert.deepEqual(frame, { ...FRAME, signature });
});

Deno.test("verifyFrame() refuses another key, and what is no key, as bad_signature", async () => {
  const frame = await signFrame(FRAME, key);
  const other = toHex((await nodeEd25519().generate()).publicKey);
  for (
    const publicKey of [other, "", "ab", hex.toUpperCase(), "00".repeat(32), "01" + "00".repeat(31)]
  ) {
    await assert.rejects(verifyFrame(frame, publicKey), { code: "bad_signature" });
  }
});

Deno.test("verifyFrame() refuses a signature over another order of keys", async () => {
  const text = JSON.stringify({ ...FRAME, payload: { b: 1, a: 2 } });
  const bytes = await key.sign(new TextEncoder().encode(text));
  const signature = btoa(String.fromCharCode(...bytes));
  await assert.rejects(verifyFrame({ ...FRAME, signature }, hex), { code: "bad_signature" });
});

Deno.test("verifyFrame() refuses every other way to write the same signature", async () => {
  const { signature, ...rest } = await signFrame(FRAME, key);
  const url = signature.replaceAll("+", "-").replaceAll("/", "_");
  const last = signature.at(-3) ?? "";
  const slack = String.fromCharCode(last.charCodeAt(0) + 1); // the same bytes, bits left over
  const others = [
    signature.slice(0, -2),
    ` ${signature}`,
    signature + "\n",
    signature.slice(0, -3) + slack + "==",
    ...(url === signature ? [] : [url]),
  ];
  for (const other of others) {
    await assert.rejects(verifyFrame({ ...rest, signature: other }, hex), {
      code: "bad_signature",
    });
  }
});

Deno.test("signFrame() refuses a frame that nobody would read", async () => {
  // A caller without types.
  const wrong = { ...FRAME, version: "0.3" } as unknown as UnsignedFrame;
  await assert.rejects(signFrame(wrong, key), { code: "invalid_frame" });
  await assert.rejects(signFrame(FRAME, "ab"), { code: "bad_key" });
});
