import assert from "node:assert/strict";
import { MAX_PAGE_BYTES } from "../../../src/pod/mod.ts";
import { type BrokerClient, connect, connectHost } from "../broker_client.ts";
import { type BrokerProcess, SDP, startSignal } from "../broker_scenes.ts";
import { eventually } from "../eventually.ts";
import { smallPage, store } from "../small_page.ts";

/** A folder for one test's configuration; gone when it is disposed of. */
export interface Place extends AsyncDisposable {
  readonly path: string;
}

export async function place(): Promise<Place> {
  const path = await Deno.makeTempDir({ prefix: "gemmapod-service-" });
  await Deno.chmod(path, 0o755); // nginx's workers are another user
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** One of the files that are given to operators. */
export function serviceFile(name: string): Promise<string> {
  return Deno.readTextFile(new URL(`../../../src/signal/service/${name}`, import.meta.url));
}

/** A port that was free a moment ago; these programs do not say which they were given. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** The broker as the files want it. */
export function brokerBehindProxy(): Promise<BrokerProcess> {
  return startSignal("--trust-proxy", "loopback", "--limits", "off", "--log-addresses");
}

/** Waits until something answers there. */
export async function answers(url: string): Promise<void> {
  await eventually(`something answers at ${url}`, async () => {
    try {
      await (await fetch(url)).body?.cancel();
      return true;
    } catch {
      return false; // not yet
    }
  });
}

/** Everything that a broker is for, through a proxy at `url`. */
export async function worksThrough(url: string, broker: BrokerProcess): Promise<void> {
  assert.equal((await (await fetch(`${url}/health`)).json()).ok, true);

  await using host = await connectHost(url, "cafe");
  await using visitor = await connect(url);
  await meet(host, visitor);
  const registered = await broker.running.line(/"event":"origin_registered".*/);
  assert.match(registered[0], /"address":"127\.0\.0\.1"/);

  const id = await store(url, smallPage("by a proxy"));
  const page = await fetch(`${url}/${id}`);
  assert.equal(await page.text(), smallPage("by a proxy"));
  assert.equal(page.headers.get("access-control-allow-origin"), "*");

  const answer = await upload(url, smallPage("again"));
  assert.equal(answer.status, 201);
  const stored = await broker.running.line(/"event":"pod_stored".*/, 2);
  assert.match(stored[0], /"address":"127\.0\.0\.1"/);
  const { url: address } = await answer.json();
  assert.equal(new URL(address).origin, url);

  const largest = padded(MAX_PAGE_BYTES);
  const { status } = await upload(url, largest);
  assert.equal(status, 201);
  const tooLarge = await upload(url, padded(MAX_PAGE_BYTES + 1));
  assert.equal(tooLarge.status, 413);
  assert.equal((await tooLarge.json()).error, "The page is over 50 MiB");
}

async function meet(host: BrokerClient, visitor: BrokerClient): Promise<void> {
  visitor.send({ t: "offer", podId: "cafe", sessionId: "s", sdp: SDP });
  assert.deepEqual(await host.next(), { t: "offer", sessionId: "s", sdp: SDP });
  host.send({ t: "answer", sessionId: "s", sdp: SDP });
  assert.deepEqual(await visitor.next(), { t: "answer", sessionId: "s", sdp: SDP });
}

/** Uploads, with headers of a visitor who wants to be somebody else. */
function upload(url: string, html: string): Promise<Response> {
  return fetch(`${url}/pods`, {
    method: "POST",
    headers: {
      "content-type": "text/html",
      "x-forwarded-for": "6.6.6.6",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
    },
    body: html,
  });
}

/** A page of a size. */
function padded(bytes: number): string {
  const around = new TextEncoder().encode(smallPage("<!---->")).length;
  return smallPage(`<!--${"x".repeat(bytes - around)}-->`);
}
