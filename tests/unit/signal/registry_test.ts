import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { memoryRegistry } from "../../../src/signal/registry/memory_registry.ts";
import { sqliteRegistry } from "../../../src/signal/registry/sqlite_registry.ts";
import { blobText, podRecord, testRegistry } from "./registry_conformance.ts";

/** A folder of a test's own. */
async function folder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "gemmapod-registry-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

testRegistry("memory", () => Promise.resolve(memoryRegistry()));

testRegistry("sqlite", async () => {
  const { path, [Symbol.asyncDispose]: remove } = await folder();
  const registry = await sqliteRegistry(path);
  return {
    ...registry,
    async [Symbol.asyncDispose]() {
      await registry.close();
      await remove();
    },
  };
});

Deno.test("the sqlite registry has pages, hits and claims again after a restart", async () => {
  await using data = await folder();
  const record = podRecord("AbCdEf-_0123");
  {
    await using registry = await sqliteRegistry(data.path);
    await registry.putPod(record, new TextEncoder().encode("<html"));
    await registry.bumpHits(record.id);
    await registry.claim("cafe", record.ownerPubkey);
  }
  await using again = await sqliteRegistry(data.path);
  assert.deepEqual(await again.getRecord(record.id), { ...record, hits: 1 });
  assert.equal(await blobText(again, record.id), "<html");
  assert.equal(await again.owner("cafe"), record.ownerPubkey);
});

Deno.test("the sqlite registry refuses a folder that it cannot use, and says which", async () => {
  await using data = await folder();
  await Deno.writeTextFile(`${data.path}/file`, "");
  await assert.rejects(sqliteRegistry(`${data.path}/file`), {
    code: "bad_data_dir",
    message: new RegExp(`${data.path}/file`),
  });
});

Deno.test("the sqlite registry refuses a database of a version that it does not know", async () => {
  await using data = await folder();
  await (await sqliteRegistry(data.path)).close();
  const database = new DatabaseSync(`${data.path}/broker.sqlite`);
  database.exec("PRAGMA user_version = 99");
  database.close();
  await assert.rejects(sqliteRegistry(data.path), { code: "bad_data_dir", message: /version 99/ });
});
