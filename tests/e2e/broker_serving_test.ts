import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Broker } from "../../src/signal/mod.ts";
import { ask, type WireAnswer } from "./http_client.ts";
import { quietBroker, smallPage, store } from "./small_page.ts";

function decoded({ headers, body }: WireAnswer): string {
  switch (headers["content-encoding"]) {
    case undefined:
      return body.toString();
    case "br":
      return brotliDecompressSync(body).toString();
    case "gzip":
      return gunzipSync(body).toString();
    default:
      throw new Error(`content-encoding: ${headers["content-encoding"]}`);
  }
}

/** A page, and its address on a broker. */
async function served(signal: Broker, html: string = smallPage()) {
  return `${signal.url}/${await store(signal.url, html)}`;
}

for (
  const [accepts, coding] of [
    ["gzip, deflate, br, zstd", "br"],
    ["gzip", "gzip"],
    ["br;q=0.1, gzip;q=0.2", "gzip"],
    ["*", "br"],
    ["identity;q=0, *;q=0.5", "br"],
    ["zstd", undefined],
    ["identity, br;q=0.5", undefined],
    [undefined, undefined],
  ] as const
) {
  Deno.test(`a page goes out as ${coding ?? "it is"} to who accepts ${accepts}`, async () => {
    await using signal = await quietBroker();
    const url = await served(signal);
    const headers: Record<string, string> = accepts === undefined
      ? {}
      : { "accept-encoding": accepts };
    const answer = await ask(url, { headers });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["content-encoding"], coding);
    assert.equal(answer.headers["content-length"], String(answer.body.length));
    assert.equal(answer.headers.vary, "accept-encoding");
    assert.equal(decoded(answer), smallPage());

    const head = await ask(url, { method: "HEAD", headers });
    assert.equal(head.status, 200);
    assert.equal(head.body.length, 0);
    const same = ({ date: _, ...rest }: WireAnswer["headers"]) => rest;
    assert.deepEqual(same(head.headers), same(answer.headers));
  });
}

Deno.test("who accepts nothing that the broker has gets 406", async () => {
  await using signal = await quietBroker();
  const url = await served(signal);
  for (const accepts of ["identity;q=0", "*;q=0", "zstd, *;q=0"]) {
    const answer = await ask(url, { headers: { "accept-encoding": accepts } });
    assert.equal(answer.status, 406, accepts);
    assert.equal(answer.headers.vary, "accept-encoding");
  }
});

Deno.test("a page in each coding has its own ETag, and If-None-Match with it gets 304", async () => {
  await using signal = await quietBroker();
  const url = await served(signal);
  const etags = new Set<string>();
  for (const accepts of ["br", "gzip", "identity"]) {
    const headers = { "accept-encoding": accepts };
    const full = await ask(url, { headers });
    const etag = full.headers.etag ?? "";
    etags.add(etag);
    for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      for (const method of ["GET", "HEAD"]) {
        const fresh = await ask(url, { method, headers: { ...headers, "if-none-match": tags } });
        assert.equal(fresh.status, 304, tags);
        assert.equal(fresh.headers.etag, etag);
        assert.equal(fresh.body.length, 0);
        for (const name of ["cache-control", "vary", "content-security-policy"]) {
          assert.equal(fresh.headers[name], full.headers[name]);
        }
      }
    }
    const stale = await ask(url, { headers: { ...headers, "if-none-match": '"other", W/"x"' } });
    assert.equal(stale.status, 200);
  }
  assert.equal(etags.size, 3);
});

Deno.test("a client that has the page as it is and now accepts more need not fetch it again", async () => {
  await using signal = await quietBroker();
  const url = await served(signal);
  const etag = (await ask(url)).headers.etag ?? "";
  const headers = { "accept-encoding": "gzip, br", "if-none-match": etag };
  const fresh = await ask(url, { headers });
  assert.equal(fresh.status, 304);
  assert.equal(fresh.headers.etag, etag);
  const refused = await ask(url, {
    headers: { ...headers, "accept-encoding": "br, identity;q=0" },
  });
  assert.equal(refused.status, 200);
  assert.equal(refused.headers["content-encoding"], "br");
});

Deno.test("GET counts a hit, also one that is answered with 304; HEAD and refusals do not", async () => {
  await using signal = await quietBroker();
  const url = await served(signal);
  const hits = async () => (await (await fetch(`${url}/meta`)).json()).hits;
  const { etag = "" } = (await ask(url)).headers;
  assert.equal(await hits(), 1);
  await ask(url, { headers: { "if-none-match": etag } });
  assert.equal(await hits(), 2);
  await ask(url, { method: "HEAD" });
  await ask(url, { headers: { "accept-encoding": "*;q=0" } });
  await ask(url, { method: "DELETE" });
  assert.equal(await hits(), 2);
});

Deno.test("Range is not known: the whole page comes", async () => {
  await using signal = await quietBroker();
  const answer = await ask(await served(signal), { headers: { range: "bytes=0-9" } });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["content-range"], undefined);
  assert.equal(decoded(answer), smallPage());
});

Deno.test("parallel first requests for a page all get it whole", async () => {
  await using signal = await quietBroker();
  const html = smallPage(`<p>${randomBytes(300_000).toString("base64")}`);
  const url = await served(signal, html);
  const answers = await Promise.all(
    Array.from(
      { length: 40 },
      (_, i) => ask(url, { headers: { "accept-encoding": i % 2 === 0 ? "br" : "gzip" } }),
    ),
  );
  for (const answer of answers) assert.equal(decoded(answer), html);
  assert.equal(new Set(answers.map(({ headers }) => headers["content-length"])).size, 2);
});

/** A broker on a folder, what it keeps compressed, and a page of it. */
async function folderBroker() {
  await using open = new AsyncDisposableStack();
  const dataDir = await Deno.makeTempDir({ prefix: "gemmapod-broker-" });
  open.defer(() => Deno.remove(dataDir, { recursive: true }));
  const folder = join(dataDir, "encoded");
  const start = () => quietBroker({ dataDir });
  const signal = open.use(await start());
  const id = await store(signal.url, smallPage());
  const headers = { "accept-encoding": "br" };
  const answer = await ask(`${signal.url}/${id}`, { headers });
  assert.equal(answer.headers["content-encoding"], "br");
  await signal.stop();
  const [file, ...more] = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  assert(file !== undefined && more.length === 0);
  const owned = open.move();
  return {
    id,
    folder,
    path: join(folder, file),
    start,
    get: (signal: Broker) => ask(`${signal.url}/${id}`, { headers }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

Deno.test("a compressed page is kept in the data folder, and not made again after a restart", async () => {
  await using place = await folderBroker();
  const before = await Deno.stat(place.path);
  await using signal = await place.start();
  const answer = await place.get(signal);
  assert.equal(answer.headers["content-encoding"], "br");
  assert.equal(decoded(answer), smallPage());
  const after = await Deno.stat(place.path);
  assert.deepEqual([after.ino, after.mtime], [before.ino, before.mtime]);
});

for (
  const [what, damage] of [
    ["cut off", (bytes: Uint8Array) => bytes.subarray(0, -3)],
    ["empty, as after a power cut", () => new Uint8Array()],
    ["damaged", (bytes: Uint8Array) => bytes.map((byte, at) => at === 99 ? byte ^ 16 : byte)],
    ["another page's", () => Buffer.from("1b0600f88d942d9bd5c9f6d8c4", "hex")],
  ] as const
) {
  Deno.test(`a compressed page that was found ${what} is made again, and never served`, async () => {
    await using place = await folderBroker();
    await Deno.writeFile(place.path, damage(await Deno.readFile(place.path)));
    await using signal = await place.start();
    const answers = await Promise.all([place.get(signal), place.get(signal), place.get(signal)]);
    for (const answer of answers) {
      assert.equal(answer.headers["content-encoding"], "br");
      assert.equal(decoded(answer), smallPage());
    }
  });
}

Deno.test("a compressed page that is damaged or taken away under a running broker does no harm", async () => {
  await using place = await folderBroker();
  await using signal = await place.start();
  assert.equal(decoded(await place.get(signal)), smallPage());
  await Deno.truncate(place.path, 20);
  assert.equal(decoded(await place.get(signal)), smallPage());
  await Deno.remove(place.folder, { recursive: true });
  assert.equal(decoded(await place.get(signal)), smallPage());
});

Deno.test("what an earlier broker left by half, and what belongs to no page, is swept away", async () => {
  await using place = await folderBroker();
  for (const name of [`${crypto.randomUUID()}.part`, "AAAAAAAAAAAA.br", "notes.txt"]) {
    await Deno.writeTextFile(join(place.folder, name), "left over");
  }
  await using signal = await place.start();
  await place.get(signal); // after the sweep
  const names = await Array.fromAsync(Deno.readDir(place.folder), ({ name }) => name);
  assert.deepEqual(names, [`${place.id}.br`]);
});

Deno.test("where nothing can be kept the page goes out as it is, and the log says why", async () => {
  await using place = await folderBroker();
  await Deno.remove(place.folder, { recursive: true });
  await Deno.writeTextFile(place.folder, "a file where the folder would be");
  await using signal = await place.start();
  const answer = await place.get(signal);
  assert.equal(answer.status, 200);
  assert.equal(decoded(answer), smallPage()); // a Deno that compresses by itself may have done so
  assert.match(signal.lines.join("\n"), /page_not_compressed/);
});
