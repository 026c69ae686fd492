import assert from "node:assert/strict";
import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { memoryOf, openFilesIn, resetPeak } from "./process_memory.ts";
import { uploadDeaf, uploadHead, writeAll } from "./raw_upload.ts";
import { download, signedPage, startSignal, upload } from "./signal_place.ts";
import { tempFolder } from "./temp_folder.ts";

const MIB = 1024 * 1024;

/**
 * What a broker's memory may move by for what has nothing to do with a page's size: garbage of the
 * requests, code that is compiled when it is first run.
 */
const SLACK = 32 * MIB;

const linuxOnly = { ignore: Deno.build.os !== "linux" }; // that is where /proc is

/** By how much a process's memory grew at most while something ran. */
async function growthOf(pid: number, run: () => Promise<void>): Promise<number> {
  await resetPeak(pid);
  const { now } = await memoryOf(pid);
  await run();
  return (await memoryOf(pid)).peak - now;
}

Deno.test({
  name: "an upload of 60 MiB is refused while it comes in, and memory does not move",
  ...linuxOnly,
  async fn() {
    await using data = await tempFolder("broker");
    await using signal = await startSignal(["--data-dir", data.path]);
    assert.equal((await upload(signal, signedPage("first"))).status, 201);
    for (const length of ["chunked", "announced"] as const) {
      const growth = await growthOf(signal.pid, async () => {
        for (let i = 0; i < 4; i++) {
          assert.match(await uploadDeaf(signal.port, 60, length), /^HTTP\/1\.1 413 /);
        }
      });
      assert(growth < SLACK, `${length}: memory grew by ${growth} bytes`);
    }
    assert.deepEqual(await Array.fromAsync(Deno.readDir(join(data.path, "spool"))), []);
  },
});

Deno.test({
  name: "pages of 50 MiB come in and go out, and one at a time is in memory",
  ...linuxOnly,
  async fn() {
    await using data = await tempFolder("broker");
    await using signal = await startSignal(["--data-dir", data.path]);
    assert.equal((await upload(signal, signedPage("first"))).status, 201);
    const pages = [1, 2, 3].map((i) => signedPage(`page ${i}`, 50 * MIB));
    const ids: string[] = [];
    const up = await growthOf(signal.pid, async () => {
      for (const { status, json } of await Promise.all(pages.map((page) => upload(signal, page)))) {
        assert.equal(status, 201);
        ids.push(String(json.id));
      }
    });
    assert(up < 50 * MIB + SLACK, `three uploads at once took ${up} bytes`);
    const down = await growthOf(signal.pid, async () => {
      for (let round = 0; round < 3; round++) {
        for (const [i, { status, bytes }] of (await downloads(signal, ids)).entries()) {
          assert.equal(status, 200);
          assert(equal(bytes, pages[i]));
        }
      }
    });
    assert(down < SLACK, `nine downloads, three at once, took ${down} bytes`);
  },
});

Deno.test({
  name: "clients that ask for large pages and read nothing cost no memory",
  ...linuxOnly,
  async fn() {
    await using data = await tempFolder("broker");
    await using signal = await startSignal(["--data-dir", data.path]);
    const { json: { id } } = await upload(signal, signedPage("large", 30 * MIB));
    const head = new TextEncoder().encode(`GET /${id} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    const lines: Deno.TcpConn[] = [];
    const growth = await growthOf(signal.pid, async () => {
      for (let i = 0; i < 8; i++) {
        const line = await Deno.connect({ hostname: "127.0.0.1", port: signal.port });
        lines.push(line);
        await writeAll(line, head);
        await line.read(new Uint8Array(1024)); // it has begun
      }
      for (let i = 0; i < 3; i++) {
        assert.equal((await download(signal, String(id))).bytes.length, 30 * MIB);
      }
    });
    for (const line of lines) line.close();
    assert(growth < SLACK, `eight readers took ${growth} bytes`);
  },
});

Deno.test("a page of 50 MiB comes in as JSON too, though its text is longer", async () => {
  await using signal = await startSignal();
  const page = signedPage("JSON", 50 * MIB);
  for (let i = 1; i <= 3 * MIB; i++) page[page.length - i] = 0x0a; // two characters each in JSON
  const body = JSON.stringify({ html: new TextDecoder().decode(page) });
  assert(body.length > 50 * MIB);
  const { status, json } = await upload(signal, body, "application/json");
  assert.equal(status, 201);
  assert(equal((await download(signal, String(json.id))).bytes, page));

  const larger = JSON.stringify({ html: new TextDecoder().decode(page) + "." });
  assert.equal((await upload(signal, larger, "application/json")).status, 413);
});

Deno.test({
  name: "a client that goes away in the middle leaves no file open, and none behind",
  ...linuxOnly,
  async fn() {
    await using data = await tempFolder("broker");
    await using signal = await startSignal(["--data-dir", data.path]);
    const { json: { id } } = await upload(signal, signedPage("large", 30 * MIB));
    const openIn = (name: string) => openFilesIn(signal.pid, join(data.path, name));
    for (let i = 0; i < 5; i++) {
      const lines = await Promise.all(Array.from({ length: 8 }, async (_, n) => {
        const line = await Deno.connect({ hostname: "127.0.0.1", port: signal.port });
        const isUpload = n % 2 === 0;
        const head = isUpload
          ? uploadHead(`Content-Length: ${10 * MIB}`)
          : `GET /${id} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
        await writeAll(line, new TextEncoder().encode(head));
        if (isUpload) await writeAll(line, new Uint8Array(MIB));
        else await line.read(new Uint8Array(1024));
        return line;
      }));
      await eventually("uploads are open", async () => (await openIn("spool")).length === 4);
      await eventually("downloads are open", async () => (await openIn("blobs")).length === 4);
      for (const line of lines) line.close();
      await eventually("no upload is open", async () => (await openIn("spool")).length === 0);
      await eventually("no download is open", async () => (await openIn("blobs")).length === 0);
    }
    assert.deepEqual(await Array.fromAsync(Deno.readDir(join(data.path, "spool"))), []);
    assert.equal((await upload(signal, signedPage("after"))).status, 201);
  },
});

Deno.test("the same bytes that come several times at once are one page", async () => {
  await using data = await tempFolder("broker");
  await using signal = await startSignal(["--data-dir", data.path]);
  const page = signedPage("same", 2 * MIB);
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => upload(signal, page)));
  for (const { status } of answers) assert.equal(status, 201);
  assert.equal(new Set(answers.map(({ json }) => json.id)).size, 1);
  const names = await Array.fromAsync(Deno.readDir(join(data.path, "blobs")));
  assert.equal(names.length, 1);
  assert(equal((await download(signal, String(answers[0]?.json.id))).bytes, page));
});

function downloads(signal: { url: string }, ids: readonly string[]) {
  return Promise.all(ids.map((id) => download(signal, id)));
}

/** Whether two pages are the same; an assertion of 50 MiB would print them. */
function equal(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && one.length === other.length && one.every((b, i) => b === other[i]);
}
