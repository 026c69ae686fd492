import assert from "node:assert/strict";
import type { PodRecord, Registry } from "../../../src/signal/mod.ts";

/** A record as an upload makes it. */
export function podRecord(id: string, changes: Partial<PodRecord> = {}): PodRecord {
  return {
    id,
    sha256: `${id}-sha256`,
    podId: "cafe",
    name: "Café “Zoë”",
    ownerPubkey: "ab".repeat(32),
    manifestSize: 300,
    blobSize: 5,
    createdAt: "2026-11-20T12:00:00.000Z",
    hits: 0,
    scripts: { runtimes: ["cd".repeat(32)], hashes: ["aGFzaA=="] },
    ...changes,
  };
}

/** What a registry hands out for a page, as a text. */
export async function blobText(registry: Registry, id: string): Promise<string | undefined> {
  const blob = await registry.getBlob(id);
  return blob && await new Response(blob).text();
}

const PAGE = new TextEncoder().encode("<html");

/**
 * What every {@linkcode Registry} must do; run for each implementation.
 *
 * @param open makes an empty one
 */
export function testRegistry(name: string, open: () => Promise<Registry>): void {
  const test = (sentence: string, body: (registry: Registry) => Promise<void>) =>
    Deno.test(`the ${name} registry ${sentence}`, async () => {
      await using registry = await open();
      await body(registry);
    });

  test("gives back a page and its record as they were put", async (registry) => {
    const record = podRecord("AbCdEf-_0123");
    await registry.putPod(record, PAGE);
    assert.deepEqual(await registry.getRecord(record.id), record);
    assert.equal(await blobText(registry, record.id), "<html");
  });

  test("keeps a page whose scripts are not known in kind", async (registry) => {
    const record = podRecord("AbCdEf-_0123", { scripts: null });
    await registry.putPod(record, PAGE);
    assert.deepEqual(await registry.getRecord(record.id), record);
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

  test("counts hits, and a page put again keeps them and its date", async (registry) => {
    const record = podRecord("AbCdEf-_0123");
    await registry.putPod(record, PAGE);
    for (let i = 0; i < 3; i++) await registry.bumpHits(record.id);
    await registry.putPod({ ...record, createdAt: "2027-01-01T00:00:00.000Z" }, PAGE);
    assert.deepEqual(await registry.getRecord(record.id), { ...record, hits: 3 });
  });

  test("hands a page out to several readers at once", async (registry) => {
    await registry.putPod(podRecord("AbCdEf-_0123"), PAGE);
    const texts = await Promise.all([1, 2, 3].map(() => blobText(registry, "AbCdEf-_0123")));
    assert.deepEqual(texts, ["<html", "<html", "<html"]);
  });

  test("keeps a page that is put many times at once", async (registry) => {
    const record = podRecord("AbCdEf-_0123");
    await Promise.all([1, 2, 3, 4].map(() => registry.putPod(record, PAGE)));
    assert.equal(await blobText(registry, record.id), "<html");
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
}
