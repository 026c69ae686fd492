import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { Buffer } from "node:buffer";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { createLogger } from "../../../src/base/mod.ts";
import type { Compression } from "../../../src/signal/encoded/codec.ts";
import { encodedMemory } from "../../../src/signal/encoded/encoded_memory.ts";
import { EncodedPages } from "../../../src/signal/encoded/encoded_pages.ts";
import type { EncodedStore, StoredBytes } from "../../../src/signal/encoded/encoded_store.ts";
import type { PodRecord } from "../../../src/signal/mod.ts";
import { podRecord } from "./pod_record.ts";

/** Pages under ids, a store, and how often each page was read. */
function setUp(options: { store?: EncodedStore } = {}) {
  const pages = new Map<string, Uint8Array<ArrayBuffer>>();
  const reads: string[] = [];
  const lines: string[] = [];
  const store = options.store ?? encodedMemory();
  const encoded = new EncodedPages({
    registry: {
      getRecord: (id) => pages.has(id) ? podRecord(id) : undefined,
      getBlob(id) {
        reads.push(id);
        const page = pages.get(id);
        return page && new Blob([page]).stream();
      },
    },
    store,
    log: createLogger({ name: "test", write: (line) => lines.push(line) }),
  });
  function add(id: string, page: string | Uint8Array): PodRecord {
    const bytes = new Uint8Array(typeof page === "string" ? new TextEncoder().encode(page) : page);
    pages.set(id, bytes);
    const sha256 = createHash("sha256").update(bytes).digest("base64url");
    return podRecord(id, { sha256, blobSize: bytes.length });
  }
  return { encoded, store, add, reads, lines };
}

async function bytesOf(stored: StoredBytes | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const stream = await stored?.stream();
  assert(stored !== undefined && stream !== undefined);
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  assert.equal(bytes.length, stored.size);
  return bytes;
}

async function textOf(stored: StoredBytes | undefined, coding: Compression): Promise<string> {
  const bytes = await bytesOf(stored);
  return new TextDecoder().decode(
    coding === "br" ? brotliDecompressSync(bytes) : gunzipSync(bytes),
  );
}

const PAGE = "<p>Zoë’s page</p>\n".repeat(500);

for (const coding of ["br", "gzip"] as const) {
  Deno.test(`a page is had as ${coding}, and smaller`, async () => {
    const { encoded, add } = setUp();
    const stored = await encoded.get(add("AbCdEf-_0123", PAGE), coding);
    assert.equal(await textOf(stored, coding), PAGE);
    assert((stored?.size ?? Infinity) < PAGE.length / 10);
  });
}

Deno.test("a page is compressed once, however many ask at once and later", async () => {
  const { encoded, add, reads } = setUp();
  const record = add("AbCdEf-_0123", PAGE);
  await Promise.all(Array.from({ length: 50 }, () => encoded.get(record, "br")));
  assert.equal(await textOf(await encoded.get(record, "br"), "br"), PAGE);
  assert.equal(reads.length, 1);
  await encoded.get(record, "gzip");
  assert.equal(reads.length, 2);
});

Deno.test("a page of many slices, most of it noise, comes out as it went in", async () => {
  const { encoded, add } = setUp();
  const noise = randomBytes(1_500_000);
  const stored = await encoded.get(add("AbCdEf-_0123", noise), "br");
  assert(noise.equals(brotliDecompressSync(await bytesOf(stored))));
});

Deno.test("an empty page has a compression too", async () => {
  const { encoded, add } = setUp();
  assert.equal(await textOf(await encoded.get(add("AbCdEf-_0123", ""), "gzip"), "gzip"), "");
});

Deno.test("the memory forgets what was used longest ago", async () => {
  const noise = () => randomBytes(30_000);
  const { encoded, add, reads } = setUp({ store: encodedMemory(100_000) });
  const [a, b, c, d] = ["a", "b", "c", "d"].map((id) => add(id, noise()));
  assert(a && b && c && d);
  for (const record of [a, b, c, a, d]) assert(await encoded.get(record, "gzip"));
  assert.deepEqual(reads, ["a", "b", "c", "d"]);
  for (const record of [a, c, d]) await encoded.get(record, "gzip"); // all but b, the oldest
  assert.deepEqual(reads, ["a", "b", "c", "d"]);
  await encoded.get(b, "gzip");
  assert.deepEqual(reads, ["a", "b", "c", "d", "b"]);
});

Deno.test("a page that is too large for the store goes out as it is", async () => {
  const { encoded, add, reads } = setUp({ store: encodedMemory(1_000) });
  assert.equal(await encoded.get(add("AbCdEf-_0123", PAGE), "br"), undefined);
  assert.deepEqual(reads, []);
});

/** A store that does not keep what it is given. */
function damaging(change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): EncodedStore {
  const store = encodedMemory();
  return {
    ...store,
    async put(name, chunks) {
      const whole = new Uint8Array(Buffer.concat(await Array.fromAsync(chunks)));
      await store.put(
        name,
        async function* () {
          await Promise.resolve();
          yield change(whole);
        }(),
      );
    },
  };
}

for (
  const [what, change] of [
    ["cut off", (bytes: Uint8Array) => bytes.subarray(0, -5)],
    ["empty", () => new Uint8Array()],
    ["damaged", (bytes: Uint8Array) => bytes.map((byte, at) => at === 40 ? byte ^ 1 : byte)],
    ["another page's", () => new Uint8Array(gzipSync("another"))],
  ] as const
) {
  Deno.test(`compressed bytes that are ${what} are never handed out, and it is said once`, async () => {
    const { encoded, add, lines, reads } = setUp({ store: damaging(change) });
    const record = add("AbCdEf-_0123", PAGE);
    for (let i = 0; i < 3; i++) assert.equal(await encoded.get(record, "gzip"), undefined);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /page_not_compressed {2}page=AbCdEf-_0123\.gzip/);
    assert.equal(reads.length, 1, "it is not tried again at each request");
  });
}

Deno.test("a page that is gone from its registry is had in no compression", async () => {
  const { encoded } = setUp();
  assert.equal(await encoded.get(podRecord("AbCdEf-_0123"), "br"), undefined);
});

Deno.test("while too many large pages wait, further ones go out as they are", async () => {
  const { encoded, add } = setUp();
  const large = new Uint8Array(1024 * 1024 + 1);
  const records = ["a", "b", "c", "d", "e"].map((id) => add(id, large));
  const found = records.map((record) => encoded.get(record, "gzip"));
  const small = encoded.get(add("small", PAGE), "gzip");
  assert.equal(await textOf(await small, "gzip"), PAGE);
  const had = (await Promise.all(found)).map((stored) => stored !== undefined);
  assert.deepEqual(had, [true, true, true, false, false]);
  assert(await encoded.get(records[4] ?? podRecord("e"), "gzip"));
});

Deno.test("closing ends what is being compressed", async () => {
  const { encoded, add, lines } = setUp();
  const running = encoded.get(add("AbCdEf-_0123", randomBytes(1_000_000)), "br");
  await encoded.close();
  assert.equal(await running, undefined);
  assert.deepEqual(lines, []);
});
