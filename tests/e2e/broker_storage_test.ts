import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { mountSmallDisk, throughFileLimit } from "./disks.ts";
import {
  download,
  type SignalProcess,
  signalProgram,
  signedPage,
  startSignal,
  upload,
} from "./signal_place.ts";
import { tempFolder } from "./temp_folder.ts";

const KILLS = 5;
const UPLOADS = 50;
const AT_ONCE = 8;

async function namesIn(...path: string[]): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(join(...path)))).map(({ name }) => name).sort();
}

/** What a data folder has in its database: whether that is sound, and the files that it names. */
function databaseOf(dataDir: string): { integrity: unknown; files: string[] } {
  using database = new DatabaseSync(join(dataDir, "broker.sqlite"));
  return {
    integrity: database.prepare("PRAGMA integrity_check").get()?.integrity_check,
    files: database.prepare("SELECT id FROM pods ORDER BY id").all().map(({ id }) => `${id}.html`)
      .sort(),
  };
}

/** Pages of one round, from some hundred bytes to some hundred thousand. */
function pagesOf(round: number): Uint8Array<ArrayBuffer>[] {
  return Array.from(
    { length: UPLOADS },
    (_, i) => signedPage(`${round}.${i}`, 2500 + (i * 7919 % 50) * 12_000),
  );
}

/** Uploads several pages at a time; hands over each that was answered with 201. */
async function uploadAll(
  signal: SignalProcess,
  pages: readonly Uint8Array<ArrayBuffer>[],
  answered: (id: string, page: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  const waiting = [...pages];
  async function some(): Promise<void> {
    for (let page = waiting.shift(); page !== undefined; page = waiting.shift()) {
      const { status, json } = await upload(signal, page);
      assert.equal(status, 201);
      answered(String(json.id), page);
    }
  }
  await Promise.allSettled(Array.from({ length: AT_ONCE }, some)); // cut off, where it was killed
}

Deno.test("kill -9 in the middle of 50 uploads loses none that was answered", async () => {
  await using data = await tempFolder("broker");
  const told = new Map<string, Uint8Array<ArrayBuffer>>();
  for (let round = 0; round < KILLS; round++) {
    {
      await using signal = await startSignal(["--data-dir", data.path]);
      const before = told.size;
      await uploadAll(signal, pagesOf(round), (id, page) => {
        told.set(id, page);
        // At another moment each time, with the next uploads on their way.
        if (told.size - before === 1 + round * 9) signal.running.kill("SIGKILL");
      });
      assert.equal((await signal.running.status).signal, "SIGKILL");
    }
    await using again = await startSignal(["--data-dir", data.path]);
    for (const [id, page] of told) {
      const { status, bytes } = await download(again, id);
      assert.equal(status, 200, `after kill ${round}`);
      assert.deepEqual(bytes, page);
    }
    const { integrity, files } = databaseOf(data.path);
    assert.equal(integrity, "ok");
    assert.deepEqual(await namesIn(data.path, "blobs"), files);
    assert.deepEqual(await namesIn(data.path, "spool"), []);
    assert(files.length < (round + 1) * UPLOADS, "it was killed when all was done");
  }
  assert(told.size > KILLS * 9);
});

Deno.test("what was not answered before a kill is taken when it comes again", async () => {
  await using data = await tempFolder("broker");
  const pages = pagesOf(99);
  {
    await using signal = await startSignal(["--data-dir", data.path]);
    let answered = 0;
    await uploadAll(signal, pages, () => {
      if (++answered === 20) signal.running.kill("SIGKILL");
    });
    await signal.running.status;
  }
  await using again = await startSignal(["--data-dir", data.path]);
  const ids = new Set<string>();
  await uploadAll(again, pages, (id) => ids.add(id));
  assert.equal(ids.size, UPLOADS);
  assert.deepEqual(await namesIn(data.path, "blobs"), [...ids].map((id) => `${id}.html`).sort());
});

/** Uploads to a broker that has room for the first page alone, and then again when there is more. */
async function refusesForWantOfRoom(
  signal: SignalProcess,
  dataDir: string,
  small: Uint8Array<ArrayBuffer>,
  large: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const first = await upload(signal, small);
  assert.equal(first.status, 201);
  for (let i = 0; i < 3; i++) {
    const { status, json } = await upload(signal, large);
    assert.equal(status, 507);
    assert.match(String(json.error), /no room for the page/);
  }
  assert.deepEqual(await namesIn(dataDir, "spool"), []);
  assert.deepEqual(await namesIn(dataDir, "blobs"), [`${first.json.id}.html`]);
  assert.deepEqual((await download(signal, String(first.json.id))).bytes, small);
  await signal.running.line(/no room for an upload|storage_full/);
}

Deno.test("an upload that finds no room gets 507, and nothing of it stays", async () => {
  await using data = await tempFolder("broker");
  const through = Deno.build.os === "windows" ? [] : throughFileLimit(1024);
  await using signal = await startSignal(["--data-dir", data.path], through);
  const large = signedPage("large", through.length === 0 ? 1000 : 2 * 1024 * 1024);
  if (through.length === 0) return; // there is nothing to limit a program by
  await refusesForWantOfRoom(signal, data.path, signedPage("small"), large);
  assert.equal((await upload(signal, signedPage("another"))).status, 201);
});

Deno.test("a disk that was full takes uploads again when there is room", async () => {
  await using disk = await mountSmallDisk(8 * 1024);
  if (disk === undefined) return; // this user may not mount one; the limit above is near to it
  const dataDir = join(disk.folder, "data");
  await using signal = await startSignal(["--data-dir", dataDir]);
  const large = signedPage("large", 1024 * 1024);
  await upload(signal, signedPage("before")); // so that the database's log has its size
  await disk.fill(256 * 1024);
  const { status, json } = await upload(signal, large);
  assert.equal(status, 507);
  assert.match(String(json.error), /no room for the page/);
  assert.deepEqual(await namesIn(dataDir, "spool"), []);
  // With room for the page but none for its row, whatever is left of it goes as well.
  for (const left of [64, 32, 16, 12, 8, 4, 0]) {
    await disk.fill(left * 1024);
    const answer = await upload(signal, signedPage(`${left} KiB left`, 3000));
    assert([201, 507].includes(answer.status), `${left} KiB left: ${answer.status}`);
    assert.deepEqual(await namesIn(dataDir, "spool"), []);
  }
  assert.deepEqual(await namesIn(dataDir, "blobs"), databaseOf(dataDir).files);
  await disk.free();
  assert.equal((await upload(signal, large)).status, 201);
  const { integrity, files } = databaseOf(dataDir);
  assert.equal(integrity, "ok");
  assert.deepEqual(await namesIn(dataDir, "blobs"), files);
});

/** Starts a broker that must not start, and returns what it says. */
async function refusal(dataDir: string): Promise<string> {
  await using running = signalProgram(["--data-dir", dataDir]);
  assert.equal((await running.status).code, 1);
  const said = running.lines.join("\n");
  assert.doesNotMatch(said, /\n +at /); // a sentence, and no stack
  return said;
}

Deno.test("gemmapod-signal says why it cannot use its data folder, and ends with 1", async () => {
  await using data = await tempFolder("broker");
  const file = join(data.path, "file");
  await Deno.writeTextFile(file, "");
  assert.match(await refusal(file), /Cannot use the data folder .*: it is not a folder/);

  const used = join(data.path, "used");
  {
    await using signal = await startSignal(["--data-dir", used]);
    assert.match(await refusal(used), /another broker is using it/);
    assert.equal((await upload(signal, signedPage("still there"))).status, 201);
  }
  {
    using database = new DatabaseSync(join(used, "broker.sqlite"));
    database.exec("PRAGMA user_version = 99");
  }
  assert.match(await refusal(used), /version 99, this build knows \d+: update gemmapod-signal/);

  await Deno.writeTextFile(join(used, "broker.sqlite"), "no database at all ".repeat(1000));
  assert.match(await refusal(used), /its database is damaged .* put back a copy/);
});

Deno.test("gemmapod-signal says that it may not write to its data folder", async () => {
  await using disk = await mountSmallDisk(1024);
  if (disk === undefined) return; // this user may not mount one
  await disk.lock();
  assert.match(await refusal(disk.folder), /Cannot use the data folder .*ead-only/);
});

Deno.test("a page whose file is lost is answered with 404, and comes back by an upload", async () => {
  await using data = await tempFolder("broker");
  const page = signedPage("lost");
  let id: string;
  {
    await using signal = await startSignal(["--data-dir", data.path]);
    id = String((await upload(signal, page)).json.id);
  }
  await Deno.remove(join(data.path, "blobs", `${id}.html`));
  await using signal = await startSignal(["--data-dir", data.path]);
  await signal.running.line(new RegExp(`the page ${id} is lost|page_lost.*${id}`));
  assert.equal((await download(signal, id)).status, 404);
  assert.equal((await upload(signal, page)).json.id, id);
  assert.deepEqual((await download(signal, id)).bytes, page);
});

Deno.test("an upload whose id another page has is refused with 409, and that page stays", async () => {
  await using data = await tempFolder("broker");
  const [first, second] = [signedPage("first"), signedPage("second")];
  const idOf = (page: Uint8Array) =>
    createHash("sha256").update(page).digest("base64url").slice(0, 12);
  const id = idOf(second);
  {
    await using signal = await startSignal(["--data-dir", data.path]);
    assert.equal((await upload(signal, first)).json.id, idOf(first));
  }
  { // Nobody can make two such pages: the first is moved to where the second will want to be.
    using database = new DatabaseSync(join(data.path, "broker.sqlite"));
    database.prepare("UPDATE pods SET id = ?").run(id);
    const blob = (name: string) => join(data.path, "blobs", `${name}.html`);
    await Deno.rename(blob(idOf(first)), blob(id));
  }
  await using signal = await startSignal(["--data-dir", data.path]);
  const { status, json } = await upload(signal, second);
  assert.equal(status, 409);
  assert.match(String(json.error), /Another page has this id/);
  assert.deepEqual((await download(signal, id)).bytes, first);
});
