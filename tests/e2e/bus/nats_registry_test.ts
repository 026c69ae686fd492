import assert from "node:assert/strict";
import { jetstream } from "@nats-io/jetstream";
import { randomBytes } from "node:crypto";
import { concatBytes, createLogger } from "../../../src/base/mod.ts";
import { parseBusAddress } from "../../../src/signal/bus/bus_address.ts";
import { type NatsBuckets, NatsStores } from "../../../src/signal/bus/nats_buckets.ts";
import { NatsLine } from "../../../src/signal/bus/nats_line.ts";
import { openBus } from "../../../src/signal/bus/open_bus.ts";
import type { Registry } from "../../../src/signal/mod.ts";
import { chunkSubject, STREAM } from "../../../src/signal/registry/nats_pages.ts";
import { sweepChunks } from "../../../src/signal/registry/nats_sweep.ts";
import { eventually } from "../eventually.ts";
import { type NatsCluster, startNats } from "../nats_cluster.ts";
import { blobOf, put, testPage, testRegistry } from "../registry_conformance.ts";

const log = createLogger({ name: "signal", write: () => {} });

function noise(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(randomBytes(length));
}

/** What one broker of a bus has of the registry. */
async function registryOn(nats: NatsCluster): Promise<Registry> {
  const { bus, registry } = await openBus(nats.url, { log });
  return {
    ...registry,
    async [Symbol.asyncDispose]() {
      await registry.close();
      await bus[Symbol.asyncDispose]();
    },
  };
}

testRegistry("nats", async () => {
  const nats = await startNats(1);
  const registry = await registryOn(nats);
  return {
    ...registry,
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      await nats[Symbol.asyncDispose]();
    },
  };
});

Deno.test("what one broker stores, claims and counts is there for every other at once", async () => {
  await using nats = await startNats(3);
  await using one = await registryOn(nats);
  await using other = await registryOn(nats);
  const page = testPage(noise(60_000));
  const { id, ownerPubkey } = page.record;
  await put(one, page);
  assert.deepEqual(await other.getRecord(id), page.record);
  assert.deepEqual(await blobOf(other, id), page.bytes);
  assert.equal(await one.claim("cafe", ownerPubkey), ownerPubkey);
  assert.equal(await other.claim("cafe", "cd".repeat(32)), ownerPubkey);
  for (const registry of [one, other, one]) await registry.bumpHits(id);
  await eventually(
    "both count all hits",
    async () => (await one.getRecord(id))?.hits === 3 && (await other.getRecord(id))?.hits === 3,
  );
});

Deno.test("two brokers that store the same page at once leave one page", async () => {
  await using nats = await startNats(3);
  await using one = await registryOn(nats);
  await using other = await registryOn(nats);
  const page = testPage(noise(300_000));
  await Promise.all([one, other, one, other].map((registry) => put(registry, page)));
  for (const registry of [one, other]) {
    assert.deepEqual(await blobOf(registry, page.record.id), page.bytes);
  }
});

Deno.test("a NATS node dies: pages are stored and served all the same, half-read ones too", async () => {
  await using nats = await startNats(3);
  await using registry = await registryOn(nats);
  const large = testPage(noise(1_000_000));
  await put(registry, large);
  for (const node of nats.nodes) {
    const blob = await registry.getBlob(large.record.id);
    assert(blob !== undefined);
    const reader = blob.getReader();
    const began = (await reader.read()).value;
    assert(began !== undefined);
    await node.kill();
    const read = [began];
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      read.push(part.value);
    }
    assert.deepEqual(concatBytes(...read), large.bytes);
    assert.deepEqual(await registry.getRecord(large.record.id), large.record);
    const next = testPage(node.name);
    await put(registry, next);
    assert.deepEqual(await blobOf(registry, next.record.id), next.bytes);
    await node.start();
    await nats.ready();
  }
});

/** What is stored on a bus, as no broker sees it. */
async function storesOf(nats: NatsCluster): Promise<NatsBuckets & AsyncDisposable> {
  const line = await NatsLine.open(parseBusAddress(nats.url), log);
  const buckets = await new NatsStores(line).open();
  return { ...buckets, [Symbol.asyncDispose]: () => line[Symbol.asyncDispose]() };
}

for (const what of ["the object", "a chunk"]) {
  Deno.test(`a page of which the bus has lost ${what} comes back by an upload`, async () => {
    await using nats = await startNats(1);
    await using registry = await registryOn(nats);
    await using stored = await storesOf(nats);
    const page = testPage(noise(300_000));
    await put(registry, page);
    const [object] = await stored.pages.list();
    assert(object !== undefined);
    if (what === "the object") await stored.pages.delete(object.name);
    else {
      const chunk = { last_by_subj: chunkSubject(object.nuid) };
      const last = await stored.manager.streams.getMessage(STREAM, chunk);
      await stored.manager.streams.deleteMessage(STREAM, last?.seq ?? 0);
    }
    await put(registry, page);
    assert.deepEqual(await blobOf(registry, page.record.id), page.bytes);
    assert.deepEqual(await registry.getRecord(page.record.id), page.record);
  });
}

Deno.test("what a killed broker left of a page is removed when it is old, and no page is", async () => {
  await using nats = await startNats(1);
  await using registry = await registryOn(nats);
  await using line = await NatsLine.open(parseBusAddress(nats.url), log);
  const stores = new NatsStores(line);
  const page = testPage(noise(300_000));
  await put(registry, page);
  const left = chunkSubject("CUTOFFCUTOFFCUTOFFCUTO");
  assert(line.connection !== undefined);
  for (let i = 0; i < 3; i++) await jetstream(line.connection).publish(left, noise(1_000));

  assert.equal(await sweepChunks(stores, 60_000), 0);
  assert.equal(await sweepChunks(stores, 0), 1);
  const { manager } = await stores.open();
  assert.equal(await manager.streams.getMessage(STREAM, { last_by_subj: left }), null);
  assert.deepEqual(await blobOf(registry, page.record.id), page.bytes);
});
