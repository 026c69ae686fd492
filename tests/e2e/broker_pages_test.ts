import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createLogger } from "../../src/base/mod.ts";
import { BOOT_CALL } from "../../src/pod/mod.ts";
import { type Broker, type BrokerOptions, startBroker } from "../../src/signal/mod.ts";
import { eventually } from "./eventually.ts";
import { ask } from "./http_client.ts";
import { uploadHead, writeAll } from "./raw_upload.ts";

const vectors: { cases: { name: string; ok: boolean; why?: string; signed_b64: string }[] } = JSON
  .parse(await Deno.readTextFile(new URL("../vectors/manifest.json", import.meta.url)));

const [VALID] = vectors.cases;
assert(VALID !== undefined && VALID.ok);

/** The runtime of a tiny page: it has nothing to run. */
const RUNTIME = "globalThis.GemmaPod = { boot() {} };";
const RUNTIME_SHA256 = createHash("sha256").update(RUNTIME).digest("hex");

/** A page around a signed manifest. */
function page(signedB64: string = VALID?.signed_b64 ?? ""): string {
  return `<!doctype html><meta charset="utf-8"><title>Zoë’s</title><div id="pod"></div>
<script>window.__GEMMAPOD_MANIFEST_B64 = "${signedB64}";</script>
<script>${RUNTIME}</script>
<script>${BOOT_CALL}</script>
`;
}

const quiet = createLogger({ name: "signal", write: () => {} });

function broker(options: BrokerOptions = {}): Promise<Broker> {
  return startBroker({ port: 0, log: quiet, limits: "off", ...options });
}

interface Answer {
  status: number;
  headers: Headers;
  json: Record<string, unknown>;
}

async function upload(
  signal: Broker,
  body: BodyInit,
  type: string | undefined = "text/html",
): Promise<Answer> {
  const headers: HeadersInit = type === undefined ? {} : { "content-type": type };
  const answer = await fetch(`${signal.url}/pods`, { method: "POST", headers, body });
  return { status: answer.status, headers: answer.headers, json: await answer.json() };
}

/** Uploads a page that must be taken, and returns its id. */
async function stored(signal: Broker, html: string): Promise<string> {
  const { status, json } = await upload(signal, html);
  assert.equal(status, 201);
  assert(typeof json.id === "string");
  return json.id;
}

Deno.test("an upload is answered with 201 and what it is, and served as it was", async () => {
  await using signal = await broker();
  const { status, headers, json } = await upload(signal, page());
  assert.equal(status, 201);
  assert.match(String(json.id), /^[A-Za-z0-9_-]{12}$/);
  assert.deepEqual(json, {
    id: json.id,
    url: `${signal.url}/${json.id}`,
    ownerPubkey: "68da47d3658eed92ab596a2e9426e9b002495a7a3e4bca276f6b60c97ba997b2",
    blobSize: new TextEncoder().encode(page()).length,
  });
  assert.equal(headers.get("location"), json.url);
  const served = await fetch(String(json.url));
  assert.equal(served.status, 200);
  assert.equal(await served.text(), page());
});

Deno.test("the same page as text/plain or as JSON is the same upload", async () => {
  await using signal = await broker();
  const id = await stored(signal, page());
  for (
    const [body, type] of [
      [page(), "text/html"],
      [page(), "Text/Plain; charset=utf-8"],
      [JSON.stringify({ html: page() }), "application/json"],
    ]
  ) {
    const { status, json } = await upload(signal, body ?? "", type);
    assert.equal(status, 201);
    assert.equal(json.id, id);
  }
  assert.notEqual(await stored(signal, page() + " "), id);
});

for (const { name, ok, why, signed_b64 } of vectors.cases) {
  Deno.test(`an upload with the manifest "${name}" is ${ok ? "stored" : "refused"}`, async () => {
    await using signal = await broker();
    const { status, json } = await upload(signal, page(signed_b64));
    assert.equal(status, ok ? 201 : 400);
    // An empty assignment holds no manifest at all, and that is what is said then.
    if (!ok && signed_b64 !== "") assert.match(String(json.error), new RegExp(why ?? ""));
  });
}

const refusals: readonly [name: string, status: number, body: BodyInit, type?: string][] = [
  ["a page without a manifest", 400, "<p>hello", "text/html"],
  ["an empty body", 400, "", "text/html"],
  ["bytes that are not UTF-8", 400, new Uint8Array([0xff, 0xfe, 0xff]), "text/html"],
  ["broken JSON", 400, "{", "application/json"],
  ["JSON without html", 400, '{"page":"<p>"}', "application/json"],
  ["null", 400, "null", "application/json"],
  ["another type", 415, "<p>", "application/xhtml+xml"],
  ["a form", 415, new URLSearchParams({ html: "<p>" }), "application/x-www-form-urlencoded"],
  ["no type", 415, new Uint8Array([60]), undefined],
  ["two manifests", 400, page() + page("AQID"), "text/html"],
];

for (const [name, status, body, type] of refusals) {
  Deno.test(`an upload of ${name} is refused with ${status} and a reason`, async () => {
    await using signal = await broker();
    const answer = await upload(signal, body, type ?? "");
    assert.equal(answer.status, status);
    assert(typeof answer.json.error === "string" && answer.json.error.length > 10);
  });
}

Deno.test("an upload over 50 MiB is refused while it comes in", async () => {
  await using signal = await broker();
  const MIB = 1024 * 1024;
  const chunk = new Uint8Array(MIB).fill(32);
  const line = await Deno.connect({ hostname: "127.0.0.1", port: signal.port });
  const text = new TextEncoder();
  await line.write(text.encode(
    "POST /pods HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/html\r\n" +
      "Transfer-Encoding: chunked\r\n\r\n",
  ));
  let sent = 0;
  async function sendWithoutEnd(): Promise<void> {
    while (true) {
      for (const part of [text.encode("100000\r\n"), chunk, text.encode("\r\n")]) {
        for (let at = 0; at < part.length;) at += await line.write(part.subarray(at));
      }
      sent += MIB;
    }
  }
  const stopped = sendWithoutEnd().catch(() => {}); // the line is closed under it
  const buffer = new Uint8Array(1024);
  const answer = new TextDecoder().decode(buffer.subarray(0, await line.read(buffer) ?? 0));
  assert.match(answer, /^HTTP\/1\.1 413 /);
  assert(sent < 70 * MIB, `${sent} bytes were taken`);
  line.close();
  await stopped;
  assert.equal((await (await fetch(`${signal.url}/health`)).json()).ok, true);
});

Deno.test("the eleventh upload of an address within an hour gets 429", async () => {
  await using signal = await broker({ limits: "on" });
  for (let i = 0; i < 10; i++) await stored(signal, page());
  const { status, headers } = await upload(signal, page());
  assert.equal(status, 429);
  assert(Number(headers.get("retry-after")) > 3500);
});

Deno.test("an address has four uploads in progress at most, and waiting costs none of its ten", async () => {
  await using signal = await broker({ limits: "on", trustProxy: ["loopback"] });
  /** Begins an upload of one address, the broker's own neighbour. */
  async function begin(): Promise<Deno.TcpConn> {
    const line = await Deno.connect({ hostname: "127.0.0.1", port: signal.port });
    const head = uploadHead("Expect: 100-continue\r\nContent-Length: 1000");
    await writeAll(line, new TextEncoder().encode(head));
    await line.read(new Uint8Array(1000)); // "go on"
    return line;
  }
  const uploads: Deno.TcpConn[] = [];
  for (let i = 0; i < 4; i++) uploads.push(await begin());
  for (let i = 0; i < 10; i++) {
    const { status, headers, json } = await upload(signal, page());
    assert.deepEqual([status, json.error], [429, "At most 4 uploads at once"]);
    assert.equal(headers.get("retry-after"), "2");
  }
  const headers = { "content-type": "text/html", "x-forwarded-for": "192.0.2.1" };
  const body = page();
  assert.equal((await ask(`${signal.url}/pods`, { method: "POST", headers, body })).status, 201);
  for (const line of uploads) line.close();
  await eventually("there is room", async () => (await upload(signal, page())).status === 201);
});

Deno.test("a page comes with the headers that keep it in its place", async () => {
  await using signal = await broker();
  const served = await fetch(`${signal.url}/${await stored(signal, page())}`);
  await served.body?.cancel();
  assert.equal(served.headers.get("content-type"), "text/html; charset=utf-8");
  assert.equal(served.headers.get("x-content-type-options"), "nosniff");
  assert.equal(served.headers.get("cache-control"), "public, max-age=300, must-revalidate");
  assert.equal(served.headers.get("access-control-allow-origin"), "*");
  assert.match(served.headers.get("x-pod-owner") ?? "", /^[0-9a-f]{64}$/);
  for (const name of ["content-security-policy", "referrer-policy", "permissions-policy", "etag"]) {
    assert(served.headers.get(name), name);
  }
});

Deno.test("meta says what a page is and how often it was asked for, and is not cached", async () => {
  await using signal = await broker();
  const id = await stored(signal, page());
  for (let i = 0; i < 3; i++) await (await fetch(`${signal.url}/${id}`)).body?.cancel();
  await fetch(`${signal.url}/${id}`, { method: "HEAD" });
  const meta = await fetch(`${signal.url}/${id}/meta`);
  assert.equal(meta.headers.get("cache-control"), "no-store");
  const { createdAt, ...rest } = await meta.json();
  assert(Math.abs(Date.parse(createdAt) - Date.now()) < 60_000);
  assert.deepEqual(rest, {
    id,
    name: "hello-pod display",
    ownerPubkey: "68da47d3658eed92ab596a2e9426e9b002495a7a3e4bca276f6b60c97ba997b2",
    manifestSize: 1441,
    blobSize: new TextEncoder().encode(page()).length,
    hits: 3,
  });
});

for (const path of ["/AAAAAAAAAAAA", "/AAAAAAAAAAAA/meta", "/short", "/%2e%2e%2f"]) {
  Deno.test(`GET ${path} is 404 where there is nothing`, async () => {
    await using signal = await broker();
    const answer = await fetch(signal.url + path);
    assert.equal(answer.status, 404);
    assert.equal(typeof (await answer.json()).error, "string");
  });
}

Deno.test("a page of unknown scripts is kept in a sandbox, one of a known runtime is not", async () => {
  const csp = async (signal: Broker) => {
    const served = await fetch(`${signal.url}/${await stored(signal, page())}`);
    await served.body?.cancel();
    return served.headers.get("content-security-policy") ?? "";
  };
  await using strict = await broker();
  assert.match(await csp(strict), /; sandbox allow-scripts allow-forms/);
  await using knowing = await broker({ trustedRuntimes: [RUNTIME_SHA256] });
  assert.match(await csp(knowing), /script-src 'sha256-/);
  assert.doesNotMatch(await csp(knowing), /sandbox|unsafe-inline' 'wasm/);
  await using open = await broker({ isolation: "off" });
  assert.doesNotMatch(await csp(open), /sandbox/);
});

Deno.test("a page for a pod that another owner's page claimed is kept in a sandbox", async () => {
  await using signal = await broker({ trustedRuntimes: [RUNTIME_SHA256] });
  const { signManifest, verifyManifest } = await import("../../src/pod/mod.ts");
  const { fromBase64, toBase64, toHex } = await import("../../src/base/mod.ts");
  const { nobleEd25519 } = await import("../../src/core/mod.ts");
  const seed = new Uint8Array(32).fill(7);
  const { publicKey } = await nobleEd25519().signingKey(seed);
  const original = await verifyManifest(fromBase64(VALID.signed_b64));
  const copied = await signManifest({ ...original, owner_pubkey: toHex(publicKey) }, seed);

  await stored(signal, page());
  const served = await fetch(`${signal.url}/${await stored(signal, page(toBase64(copied)))}`);
  await served.body?.cancel();
  assert.match(served.headers.get("content-security-policy") ?? "", /sandbox/);
});

Deno.test("pages outlive a broker that has a data folder", async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "gemmapod-broker-" });
  try {
    let id: string;
    {
      await using signal = await broker({ dataDir });
      id = await stored(signal, page());
    }
    await using again = await broker({ dataDir });
    assert.equal((await (await fetch(`${again.url}/health`)).json()).registry, "sqlite");
    assert.equal(await (await fetch(`${again.url}/${id}`)).text(), page());
    assert.equal(await stored(again, page()), id);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
});
