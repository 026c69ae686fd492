import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createLogger } from "../../src/base/mod.ts";
import { memoryRegistry } from "../../src/signal/registry/memory_registry.ts";
import { sqliteRegistry } from "../../src/signal/registry/sqlite_registry.ts";
import type { Registry } from "../../src/signal/mod.ts";
import { eventually } from "./eventually.ts";
import { blobOf, put, testPage, testRegistry } from "./registry_conformance.ts";
import { tempFolder } from "./temp_folder.ts";

/** A registry in a folder, and what it logs. */
async function open(path: string): Promise<Registry & { lines: string[] }> {
  const lines: string[] = [];
  const log = createLogger({ name: "signal", write: (line) => lines.push(line) });
  return { ...await sqliteRegistry(path, { log }), lines };
}

async function namesIn(...path: string[]): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(join(...path)))).map(({ name }) => name);
}

testRegistry("memory", () => Promise.resolve(memoryRegistry()));

testRegistry("sqlite", async () => {
  const data = await tempFolder("registry");
  const registry = await open(data.path);
  return {
    ...registry,
    async [Symbol.asyncDispose]() {
      await registry.close();
      await data[Symbol.asyncDispose]();
    },
  };
});

Deno.test("the memory registry says that it is full, and keeps what it has", async () => {
  await using registry = memoryRegistry(10);
  const first = testPage("123456");
  await put(registry, first);
  await assert.rejects(put(registry, testPage("7890ab")), { code: "storage_full" });
  assert.deepEqual(await blobOf(registry, first.record.id), first.bytes);
  await put(registry, testPage("7890"));
});

Deno.test("the memory registry leaves no file behind, not even where it is killed", async () => {
  const registry = memoryRegistry();
  const gone = () => assert.rejects(Deno.stat(registry.spoolDir), Deno.errors.NotFound);
  await put(registry, testPage());
  await gone();
  await put(registry, testPage());
  await gone();
  await Deno.mkdir(registry.spoolDir);
  await registry.close();
  await gone();
});

Deno.test("the sqlite registry has pages, hits and claims again after a restart", async () => {
  await using data = await tempFolder("registry");
  const page = testPage();
  {
    await using registry = await open(data.path);
    await put(registry, page);
    await registry.bumpHits(page.record.id);
    await registry.claim("cafe", page.record.ownerPubkey);
  }
  await using again = await open(data.path);
  assert.deepEqual(await again.getRecord(page.record.id), { ...page.record, hits: 1 });
  assert.deepEqual(await blobOf(again, page.record.id), page.bytes);
  assert.equal(await again.owner("cafe"), page.record.ownerPubkey);
});

Deno.test("the sqlite registry removes what an earlier process left, and nothing else", async () => {
  await using data = await tempFolder("registry");
  const page = testPage();
  {
    await using registry = await open(data.path);
    await put(registry, page);
  }
  const mine = `${page.record.id}.html`;
  await Deno.writeTextFile(join(data.path, "spool", "half"), "<ht");
  await Deno.writeTextFile(join(data.path, "blobs", "AbCdEf-_0123.html"), "no row");
  await Deno.writeTextFile(join(data.path, "blobs", `.${crypto.randomUUID()}.tmp`), "<h");
  await Deno.writeTextFile(join(data.path, "blobs", "README"), "somebody else's");
  await using registry = await open(data.path);
  assert.deepEqual(await namesIn(data.path, "spool"), []);
  assert.deepEqual((await namesIn(data.path, "blobs")).sort(), [mine, "README"].sort());
  assert.match(registry.lines.join("\n"), /orphans_removed +files=1\n.*orphans_removed +files=2/);
});

Deno.test("the sqlite registry sweeps while pages come in, and touches none of them", async () => {
  await using data = await tempFolder("registry");
  await using registry = await sqliteRegistry(data.path, { sweepMs: 1 });
  const [coming, old] = ["coming", "old"].map((name) => join(registry.spoolDir, name));
  assert(coming !== undefined && old !== undefined);
  await Deno.writeTextFile(coming, "<ht");
  await Deno.writeTextFile(old, "<ht");
  await Deno.utime(old, new Date(0), new Date(0));
  const orphan = join(data.path, "blobs", "AbCdEf-_0123.html");
  await Deno.writeTextFile(orphan, "no row");
  const pages = Array.from({ length: 50 }, (_, i) => testPage(`<p>${i}`));
  await Promise.all(pages.map((page) => put(registry, page)));
  for (const { record, bytes } of pages) assert.deepEqual(await blobOf(registry, record.id), bytes);
  await eventually(
    "all of it is swept",
    async () =>
      (await namesIn(registry.spoolDir)).join() === "coming" &&
      (await namesIn(data.path, "blobs")).length === pages.length,
  );
});

Deno.test("the sqlite registry says which page is lost, and takes it again", async () => {
  await using data = await tempFolder("registry");
  const [gone, cut] = [testPage("gone"), testPage("cut off")];
  {
    await using registry = await open(data.path);
    await put(registry, gone);
    await put(registry, cut);
  }
  await Deno.remove(join(data.path, "blobs", `${gone.record.id}.html`));
  await Deno.truncate(join(data.path, "blobs", `${cut.record.id}.html`), 3);
  await using registry = await open(data.path);
  assert.match(registry.lines.join("\n"), new RegExp(`the page ${gone.record.id} is lost`));
  for (const page of [gone, cut]) {
    assert.equal(await registry.getBlob(page.record.id), undefined);
    assert.deepEqual(await registry.getRecord(page.record.id), page.record);
    await put(registry, page);
    assert.deepEqual(await blobOf(registry, page.record.id), page.bytes);
  }
  assert.match(registry.lines.join("\n"), new RegExp(`the page ${cut.record.id} is lost`));
});

/** What a database of version 1 was made by. */
const VERSION_1 = `
  CREATE TABLE pods (id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, pod_id TEXT NOT NULL,
    name TEXT NOT NULL, owner_pubkey TEXT NOT NULL, manifest_size INTEGER NOT NULL,
    blob_size INTEGER NOT NULL, created_at TEXT NOT NULL, hits INTEGER NOT NULL,
    scripts TEXT) STRICT;
  CREATE TABLE claims (pod_id TEXT PRIMARY KEY, owner_pubkey TEXT NOT NULL) STRICT;
  PRAGMA user_version = 1;`;

Deno.test("the sqlite registry looks again at the scripts of pages of version 1", async () => {
  await using data = await tempFolder("registry");
  await Deno.mkdir(join(data.path, "blobs"));
  const frame = `<iframe srcdoc="&lt;script src=x>"></iframe>`;
  const [plain, framed] = [testPage("<script>1</script>"), testPage(`<script>1</script>${frame}`)];
  {
    using database = new DatabaseSync(join(data.path, "broker.sqlite"));
    database.exec(VERSION_1);
    const insert = database.prepare("INSERT INTO pods VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const { record, bytes } of [plain, framed]) {
      const { id, sha256, podId, name, ownerPubkey, manifestSize, blobSize, createdAt, hits } =
        record;
      insert.run(
        ...[id, sha256, podId, name, ownerPubkey, manifestSize, blobSize, createdAt, hits],
        '{"runtimes":["old"],"hashes":["old"]}',
      );
      await Deno.writeFile(join(data.path, "blobs", `${id}.html`), bytes);
    }
    database.exec("INSERT INTO claims VALUES ('cafe', 'ab')");
  }
  await using registry = await open(data.path);
  assert.equal((await registry.getRecord(plain.record.id))?.scripts?.runtimes[0]?.length, 64);
  assert.equal((await registry.getRecord(framed.record.id))?.scripts, null);
  assert.equal(await registry.owner("cafe"), "ab");
  assert.deepEqual(await blobOf(registry, framed.record.id), framed.bytes);
});

Deno.test("the sqlite registry refuses a folder that it cannot use, and says why", async () => {
  await using data = await tempFolder("registry");
  const refused = (path: string, reason: RegExp) =>
    assert.rejects(sqliteRegistry(path), { code: "bad_data_dir", message: reason });

  await Deno.writeTextFile(join(data.path, "file"), "");
  await refused(join(data.path, "file"), /data folder .*\/file: it is not a folder/);

  const used = join(data.path, "used");
  {
    await using _registry = await open(used);
    await refused(used, /another broker is using it/);
  }
  {
    using database = new DatabaseSync(join(used, "broker.sqlite"));
    database.exec("PRAGMA user_version = 99");
  }
  await refused(used, /version 99, this build knows \d+: update/);

  await Deno.writeTextFile(join(used, "broker.sqlite"), "this is no database ".repeat(100));
  await refused(used, /its database is damaged/);
});

Deno.test("the sqlite registry finds damage in the middle of its database", async () => {
  await using data = await tempFolder("registry");
  {
    await using registry = await open(data.path);
    for (let i = 0; i < 200; i++) await registry.claim(`pod-${i}`, "ab".repeat(32));
  }
  const path = join(data.path, "broker.sqlite");
  {
    using file = await Deno.open(path, { write: true });
    await file.seek(4096, Deno.SeekMode.Start);
    await file.write(new Uint8Array((await Deno.stat(path)).size - 4096).fill(0x5a));
  }
  await assert.rejects(sqliteRegistry(data.path), { code: "bad_data_dir", message: /damaged/ });
});
