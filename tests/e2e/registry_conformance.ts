import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { spoolPage } from "../../src/signal/http/spool_page.ts";
import { MAX_PAGE_BYTES } from "../../src/pod/mod.ts";
import type { PodRecord, Registry } from "../../src/signal/mod.ts";

/** A page as an upload brings it: the bytes, and the record that fits them. */
export interface TestPage {
  readonly record: PodRecord;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A page of some text or bytes. */
export function testPage(
  content: string | Uint8Array<ArrayBuffer> = "<html",
  changes: Partial<PodRecord> = {},
): TestPage {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const sha256 = createHash("sha256").update(bytes).digest("base64url");
  const record: PodRecord = {
    id: sha256.slice(0, 12),
    sha256,
    podId: "cafe",
    name: "Café “Zoë”",
    ownerPubkey: "ab".repeat(32),
    manifestSize: 300,
    blobSize: bytes.length,
    createdAt: "2026-11-20T12:00:00.000Z",
    hits: 0,
    scripts: { runtimes: ["cd".repeat(32)], hashes: ["aGFzaA=="] },
    ...changes,
  };
  return { record, bytes };
}

/** Puts a page as an upload does: out of a file in the registry's spool folder, gone afterwards. */
export async function put(registry: Registry, { record, bytes }: TestPage): Promise<void> {
  await using page = await spoolPage(pieces(bytes), registry.spoolDir, MAX_PAGE_BYTES);
  await registry.putPod(record, page);
}

async function* pieces(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) {
    yield await Promise.resolve(bytes.subarray(at, at + 65_536));
  }
}

/** The bytes that a registry hands out for a page. */
export async function blobOf(
  registry: Registry,
  id: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const blob = await registry.getBlob(id);
  return blob && new Uint8Array(await new Response(blob).arrayBuffer());
}

/** Bytes that do not compress, the same for the same seed. */
function noise(size: number, seed: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(size / 4));
  let state = seed;
  for (let i = 0; i < words.length; i++) words[i] = state = (state * 1664525 + 1013904223) >>> 0;
  return new Uint8Array(words.buffer, 0, size);
}

const BIG_BYTES = 20 * 1024 * 1024;

/**
 * What every {@linkcode Registry} must do; run for each implementation.
 *
 * @param open makes an empty one; disposing of it closes it and removes all that it kept
 */
export function testRegistry(name: string, open: () => Promise<Registry>): void {
  const test = (sentence: string, body: (registry: Registry) => Promise<void>) =>
    Deno.test(`the ${name} registry ${sentence}`, async () => {
      await using registry = await open();
      await body(registry);
    });

  test("gives back a page and its record as they were put", async (registry) => {
    const page = testPage();
    await put(registry, page);
    assert.deepEqual(await registry.getRecord(page.record.id), page.record);
    assert.deepEqual(await blobOf(registry, page.record.id), page.bytes);
  });

  test("keeps a page whose scripts are not known in kind", async (registry) => {
    const page = testPage("<p>", { scripts: null });
    await put(registry, page);
    assert.deepEqual(await registry.getRecord(page.record.id), page.record);
  });

  test("knows nothing of an id that was never put", async (registry) => {
    assert.equal(await registry.getRecord("AbCdEf-_0123"), undefined);
    assert.equal(await registry.getBlob("AbCdEf-_0123"), undefined);
    await registry.bumpHits("AbCdEf-_0123");
    assert.equal(await registry.getRecord("AbCdEf-_0123"), undefined);
  });

  test("never takes an id for a path", async (registry) => {
    for (const id of ["../broker", "/etc/passwd", "..", ""]) {
      assert.equal(await registry.getBlob(id), undefined);
    }
  });

  test("gives back a page of 20 MiB, byte for byte, in pieces", async (registry) => {
    const page = testPage(noise(BIG_BYTES, 1));
    await put(registry, page);
    const hash = createHash("sha256");
    let largest = 0;
    for await (const chunk of await registry.getBlob(page.record.id) ?? []) {
      largest = Math.max(largest, chunk.length);
      hash.update(chunk);
    }
    assert.equal(hash.digest("base64url"), page.record.sha256);
    assert(largest <= 1024 * 1024, `a piece has ${largest} bytes`);
  });

  test("lets a reader go away in the middle of a page", async (registry) => {
    const page = testPage(noise(BIG_BYTES, 2));
    await put(registry, page);
    for (let i = 0; i < 20; i++) {
      const reader = (await registry.getBlob(page.record.id))?.getReader();
      await reader?.read();
      await reader?.cancel();
    }
    assert.equal((await blobOf(registry, page.record.id))?.length, BIG_BYTES);
  });

  test("counts hits, and a page put again keeps them and its date", async (registry) => {
    const page = testPage();
    await put(registry, page);
    for (let i = 0; i < 3; i++) await registry.bumpHits(page.record.id);
    const again = { ...page.record, createdAt: "2027-01-01T00:00:00.000Z" };
    await put(registry, { ...page, record: again });
    assert.deepEqual(await registry.getRecord(page.record.id), { ...page.record, hits: 3 });
    assert.deepEqual(await blobOf(registry, page.record.id), page.bytes);
  });

  test("refuses other bytes for an id that is taken, and keeps the first", async (registry) => {
    const first = testPage("first");
    const second = testPage("other", { id: first.record.id });
    await put(registry, first);
    await assert.rejects(put(registry, second), { code: "id_taken" });
    assert.deepEqual(await registry.getRecord(first.record.id), first.record);
    assert.deepEqual(await blobOf(registry, first.record.id), first.bytes);
  });

  test("gives an id to one of two that want it at once", async (registry) => {
    const first = testPage("first");
    const second = testPage("other", { id: first.record.id });
    const results = await Promise.allSettled([put(registry, first), put(registry, second)]);
    const winners = [first, second].filter((_, i) => results[i]?.status === "fulfilled");
    assert.equal(winners.length, 1);
    assert.deepEqual(await blobOf(registry, first.record.id), winners[0]?.bytes);
    assert.deepEqual(await registry.getRecord(first.record.id), winners[0]?.record);
  });

  test("hands a page out to several readers at once", async (registry) => {
    const page = testPage();
    await put(registry, page);
    const blobs = await Promise.all([1, 2, 3].map(() => blobOf(registry, page.record.id)));
    for (const blob of blobs) assert.deepEqual(blob, page.bytes);
  });

  test("keeps a page that is put many times at once", async (registry) => {
    const page = testPage();
    await Promise.all([1, 2, 3, 4].map(() => put(registry, page)));
    assert.deepEqual(await blobOf(registry, page.record.id), page.bytes);
  });

  test("keeps many pages that are put at once apart", async (registry) => {
    const pages = Array.from({ length: 30 }, (_, i) => testPage(`<p>${i}`));
    await Promise.all(pages.map((page) => put(registry, page)));
    if (registry.count !== undefined) assert.equal(await registry.count(), 30);
    for (const { record, bytes } of pages) {
      assert.deepEqual(await registry.getRecord(record.id), record);
      assert.deepEqual(await blobOf(registry, record.id), bytes);
    }
  });

  test("gives a pod to whoever claims it first, and to nobody after", async (registry) => {
    const [first, second] = ["ab".repeat(32), "cd".repeat(32)];
    assert.equal(await registry.owner("cafe"), undefined);
    assert.equal(await registry.claim("cafe", first), first);
    assert.equal(await registry.claim("cafe", second), first);
    assert.equal(await registry.claim("cafe", first), first);
    assert.equal(await registry.owner("cafe"), first);
    assert.equal(await registry.claim("bar", second), second);
  });

  test("gives a pod that two claim at once to one of them", async (registry) => {
    const claims = ["ab", "cd", "ef"].map((hex) => registry.claim("cafe", hex.repeat(32)));
    const owners = new Set(await Promise.all(claims));
    assert.deepEqual([...owners], [await registry.owner("cafe")]);
  });

  test("may be closed twice", async (registry) => {
    await put(registry, testPage());
    await registry.close();
    await registry.close();
  });
}
