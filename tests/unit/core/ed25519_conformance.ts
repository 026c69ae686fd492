import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Point } from "@noble/ed25519";
import { type Ed25519 } from "../../../src/core/mod.ts";
import { CodedError, concatBytes, fromHex, toHex, utf8Encode } from "../../../src/base/mod.ts";
import wycheproof from "../../vectors/third-party/wycheproof_ed25519.json" with { type: "json" };

/** Seed, public key, message, signature (RFC 8032 section 7.1, tests 1 to 3). */
const RFC_8032: readonly (readonly [string, string, string, string])[] = [
  [
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" +
    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
  [
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac" +
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  ],
];

/** Every encoding of a point of small order, canonical or not. */
const SMALL_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

/** Bytes that are no point: no x belongs to y = 2. */
const NO_POINT = "0200000000000000000000000000000000000000000000000000000000000000";

const L = Point.CURVE().n;

/** What every adapter of {@linkcode Ed25519} must do. */
export function testEd25519(name: Ed25519["name"], open: () => Promise<Ed25519>): void {
  const test = (sentence: string, run: (ed25519: Ed25519) => Promise<void>) =>
    Deno.test(`${name}: ${sentence}`, async () => await run(await open()));

  test("says its name", async (ed25519) => {
    await Promise.resolve();
    assert.equal(ed25519.name, name);
  });

  test("makes the keys and signatures of RFC 8032", async (ed25519) => {
    for (const [seed, publicKey, message, signature] of RFC_8032) {
      const key = await ed25519.signingKey(fromHex(seed));
      assert.equal(toHex(key.publicKey), publicKey);
      assert.equal(toHex(await key.sign(fromHex(message))), signature);
      const verifier = await ed25519.verifyingKey(fromHex(publicKey));
      assert.equal(toHex(verifier.publicKey), publicKey);
      assert.equal(await verifier.verify(fromHex(message), fromHex(signature)), true);
      assert.equal(await verifier.verify(fromHex(message + "00"), fromHex(signature)), false);
    }
  });

  test("gives each of Wycheproof's 151 signatures its verdict", async (ed25519) => {
    let seen = 0;
    for (const { publicKey, tests } of wycheproof.testGroups) {
      const verifier = await ed25519.verifyingKey(fromHex(publicKey.pk));
      for (const { tcId, msg, sig, result } of tests) {
        const holds = await verifier.verify(fromHex(msg), fromHex(sig));
        assert.equal(holds, result === "valid", `case ${tcId}`);
        seen++;
      }
    }
    assert.equal(seen, 151);
  });

  test("generates keys that sign and verify, and no two alike", async (ed25519) => {
    const [one, other] = [await ed25519.generate(), await ed25519.generate()];
    assert.equal(one.publicKey.length, 32);
    assert.notDeepEqual(one.publicKey, other.publicKey);
    const message = utf8Encode("hello");
    const signature = await one.sign(message);
    assert.equal(signature.length, 64);
    const verifier = await ed25519.verifyingKey(one.publicKey);
    assert.equal(await verifier.verify(message, signature), true);
    assert.equal(await verifier.verify(message, await other.sign(message)), false);
  });

  test("signs messages of every size up to a frame's", async (ed25519) => {
    const key = await ed25519.signingKey(new Uint8Array(32).fill(9));
    const verifier = await ed25519.verifyingKey(key.publicKey);
    for (const size of [0, 1, 111, 112, 128, 65_536, 256 * 1024]) {
      const message = new Uint8Array(size).fill(size);
      assert.equal(await verifier.verify(message, await key.sign(message)), true, `${size}`);
    }
  });

  test("takes bytes out of the middle of a buffer, and does not keep them", async (ed25519) => {
    const buffer = new Uint8Array(300).map((_, i) => i);
    const seed = buffer.slice(10, 42);
    const key = await ed25519.signingKey(buffer.subarray(10, 42));
    const expected = await (await ed25519.signingKey(seed)).sign(buffer.slice(100, 200));
    assert.deepEqual(await key.sign(buffer.subarray(100, 200)), expected);
    const publicKey = key.publicKey.slice();
    const verifier = await ed25519.verifyingKey(publicKey);
    publicKey.fill(0);
    buffer.fill(0, 0, 50);
    assert.deepEqual(await key.sign(buffer.subarray(100, 200)), expected);
    assert.equal(await verifier.verify(buffer.subarray(100, 200), expected), true);
  });

  test("refuses keys of a wrong length with bad_key", async (ed25519) => {
    for (const length of [0, 31, 33, 64]) {
      await assertBadKey(() => ed25519.signingKey(new Uint8Array(length)));
      await assertBadKey(() => ed25519.verifyingKey(new Uint8Array(length).fill(1)));
    }
  });

  test("refuses public keys of small order with bad_key", async (ed25519) => {
    for (const key of SMALL_ORDER) await assertBadKey(() => ed25519.verifyingKey(fromHex(key)));
  });

  test("refuses public keys in a second encoding with bad_key", async (ed25519) => {
    for (let low = 0xed; low <= 0xff; low++) {
      for (const high of [0x7f, 0xff]) {
        const key = new Uint8Array(32).fill(0xff);
        key[0] = low;
        key[31] = high;
        await assertBadKey(() => ed25519.verifyingKey(key));
      }
    }
  });

  test("verifies nothing with bytes that are no point", async (ed25519) => {
    const verifier = await ed25519.verifyingKey(fromHex(NO_POINT));
    assert.equal(await verifier.verify(new Uint8Array(1), new Uint8Array(64)), false);
  });

  test("refuses signatures of a wrong length", async (ed25519) => {
    const key = await ed25519.signingKey(new Uint8Array(32));
    const message = new Uint8Array(5);
    const signature = await key.sign(message);
    const verifier = await ed25519.verifyingKey(key.publicKey);
    for (
      const wrong of [new Uint8Array(0), signature.slice(1), new Uint8Array([...signature, 0])]
    ) {
      assert.equal(await verifier.verify(message, wrong), false);
    }
  });

  test("refuses every flipped bit of a signature", async (ed25519) => {
    const key = await ed25519.signingKey(new Uint8Array(32).fill(1));
    const message = utf8Encode("hello");
    const signature = await key.sign(message);
    const verifier = await ed25519.verifyingKey(key.publicKey);
    for (let bit = 0; bit < 512; bit += 7) {
      const flipped = signature.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(await verifier.verify(message, flipped), false, `bit ${bit}`);
    }
  });

  test("refuses S that is not below the order", async (ed25519) => {
    const key = await ed25519.signingKey(new Uint8Array(32).fill(2));
    const message = utf8Encode("hello");
    const signature = await key.sign(message);
    const verifier = await ed25519.verifyingKey(key.publicKey);
    const s = number(signature.subarray(32));
    for (let times = 1n; s + times * L < 1n << 256n; times++) {
      const other = concatBytes(signature.subarray(0, 32), bytes(s + times * L));
      assert.equal(await verifier.verify(message, other), false, `S + ${times} L`);
    }
  });

  test("refuses R of small order, which some equations let through", async (ed25519) => {
    // With R the identity and S = k a the equation holds.
    const { a, publicKey } = keyPair(3);
    const verifier = await ed25519.verifyingKey(publicKey);
    const message = utf8Encode("hello");
    for (const r of SMALL_ORDER.map(fromHex)) {
      const s = (challenge(r, publicKey, message) * a) % L;
      assert.equal(await verifier.verify(message, concatBytes(r, bytes(s))), false, toHex(r));
    }
  });

  test("verifies without the cofactor", async (ed25519) => {
    // The key has a component of order 8: [S]B = R + [k]A holds only where 8 divides k, and with
    // the cofactor it always does.
    const { a, point } = keyPair(4);
    const mixed = point.add(Point.fromHex(SMALL_ORDER[6] ?? "")).toBytes();
    const verifier = await ed25519.verifyingKey(mixed);
    const { a: r, publicKey: R } = keyPair(5);
    const verdicts = { held: 0, failed: 0 };
    for (let i = 0; i < 24; i++) {
      const message = new Uint8Array([i]);
      const k = challenge(R, mixed, message);
      const signature = concatBytes(R, bytes((r + k * a) % L));
      const holds = await verifier.verify(message, signature);
      assert.equal(holds, k % 8n === 0n, `message ${i}`);
      verdicts[holds ? "held" : "failed"]++;
    }
    assert.ok(verdicts.held > 0 && verdicts.failed > 0, "both happen among 24 messages");
  });
}

async function assertBadKey(open: () => unknown): Promise<void> {
  // Some adapters throw at once and some reject.
  await assert.rejects(async () => await open(), (error) => {
    assert.ok(error instanceof CodedError);
    assert.equal(error.code, "bad_key");
    return true;
  });
}

function keyPair(seed: number): { a: bigint; point: Point; publicKey: Uint8Array } {
  const a = number(sha512(new Uint8Array([seed]))) % L;
  const point = Point.BASE.multiply(a);
  return { a, point, publicKey: point.toBytes() };
}

function challenge(r: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint {
  return number(sha512(concatBytes(r, publicKey, message))) % L;
}

function number(littleEndian: Uint8Array): bigint {
  return littleEndian.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function bytes(number: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((number >> BigInt(8 * i)) & 0xffn));
}

function sha512(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(createHash("sha512").update(bytes).digest());
}
