import assert from "node:assert/strict";
import { join } from "node:path";
import { generateOwnerKey, readOwnerKey, writeOwnerKey } from "../../../src/pod/native.ts";

/** On Windows it is the folder that says who may read. */
const HAS_MODES = Deno.build.os !== "windows";

async function withFolder(test: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-key-" });
  try {
    await test(join(folder, "owner.key"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("an owner key that was written is read again, and no one else may read it", async () => {
  await withFolder(async (path) => {
    const key = await generateOwnerKey();
    await writeOwnerKey(path, key);
    assert.deepEqual(await readOwnerKey(path), key);
    assert.match(key.publicKey, /^[0-9a-f]{64}$/);
    if (HAS_MODES) assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  });
});

Deno.test("each owner key is another", async () => {
  assert.notEqual((await generateOwnerKey()).secretKey, (await generateOwnerKey()).secretKey);
});

Deno.test("writeOwnerKey() never overwrites a key", async () => {
  await withFolder(async (path) => {
    const first = await generateOwnerKey();
    await writeOwnerKey(path, first);
    const second = await generateOwnerKey();
    await assert.rejects(writeOwnerKey(path, second), { code: "key_exists" });
    assert.deepEqual(await readOwnerKey(path), first);
  });
});

Deno.test("readOwnerKey() refuses a key that others can read, and says what to do", async () => {
  if (!HAS_MODES) return;
  await withFolder(async (path) => {
    await writeOwnerKey(path, await generateOwnerKey());
    for (const mode of [0o640, 0o604, 0o644, 0o660]) {
      await Deno.chmod(path, mode);
      await assert.rejects(readOwnerKey(path), { code: "unsafe_key", message: /chmod 600/ });
    }
  });
});

Deno.test("readOwnerKey() says that a key is missing", async () => {
  await withFolder(async (path) => {
    await assert.rejects(readOwnerKey(path), { code: "no_key", message: /keygen/ });
  });
});

Deno.test("readOwnerKey() refuses what is no key, without showing any of it", async () => {
  await withFolder(async (path) => {
    const { publicKey, secretKey } = await generateOwnerKey();
    const other = (await generateOwnerKey()).publicKey;
    const contents = [
      "",
      "null",
      `{"publicKey":"${publicKey}","secretKey":"${secretKey}"`,
      JSON.stringify({ publicKey }),
      JSON.stringify({ publicKey, secretKey: secretKey.slice(2) }),
      JSON.stringify({ publicKey: other, secretKey }),
      " ".repeat(10_000) + JSON.stringify({ publicKey, secretKey }),
    ];
    for (const content of contents) {
      await Deno.writeTextFile(path, content, { mode: 0o600 });
      await assert.rejects(readOwnerKey(path), (error) => {
        assert(error instanceof Error);
        assert.equal(Reflect.get(error, "code"), "bad_key");
        assert(!`${error.message}${error.cause}`.includes(secretKey.slice(0, 8)));
        return true;
      });
    }
  });
});

Deno.test("readOwnerKey() reads hex in either case", async () => {
  await withFolder(async (path) => {
    const { publicKey, secretKey } = await generateOwnerKey();
    const upper = { publicKey: publicKey.toUpperCase(), secretKey: secretKey.toUpperCase() };
    await Deno.writeTextFile(path, JSON.stringify(upper), { mode: 0o600 });
    assert.deepEqual(await readOwnerKey(path), { publicKey, secretKey });
  });
});
