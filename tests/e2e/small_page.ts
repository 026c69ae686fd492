import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createLogger } from "../../src/base/mod.ts";
import { BOOT_CALL } from "../../src/pod/mod.ts";
import { type Broker, type BrokerOptions, startBroker } from "../../src/signal/mod.ts";

const vectors: { cases: { ok: boolean; signed_b64: string }[] } = JSON
  .parse(await Deno.readTextFile(new URL("../vectors/manifest.json", import.meta.url)));

/** A signed manifest that holds. */
export const SIGNED_B64: string = vectors.cases.find(({ ok }) => ok)?.signed_b64 ?? "";

/** The runtime of a tiny page: it has nothing to run. */
export const SMALL_RUNTIME = "globalThis.GemmaPod = { boot() {} };";
export const SMALL_RUNTIME_SHA256: string = createHash("sha256").update(SMALL_RUNTIME)
  .digest("hex");

/** A tiny packed page; `more` is HTML at its end. */
export function smallPage(more = "", signedB64: string = SIGNED_B64): string {
  return `<!doctype html><meta charset="utf-8"><title>Zoë’s</title><div id="pod"></div>
<script>window.__GEMMAPOD_MANIFEST_B64 = "${signedB64}";</script>
<script>${SMALL_RUNTIME}</script>
<script>${BOOT_CALL}</script>
${more}`;
}

/** A broker of the test's own, without limits, and what it logs. */
export async function quietBroker(
  options: BrokerOptions = {},
): Promise<Broker & { readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const log = createLogger({ name: "signal", write: (line) => lines.push(line) });
  const broker = await startBroker({ port: 0, log, limits: "off", ...options });
  return Object.assign(broker, { lines });
}

/** Uploads a page that must be taken, and returns its id. */
export async function store(url: string, html: string): Promise<string> {
  const answer = await fetch(`${url}/pods`, {
    method: "POST",
    headers: { "content-type": "text/html" },
    body: html,
  });
  const { id, error } = await answer.json();
  assert.equal(answer.status, 201, error);
  assert(typeof id === "string");
  return id;
}
