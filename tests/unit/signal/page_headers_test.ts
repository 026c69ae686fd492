import assert from "node:assert/strict";
import { pageHeaders } from "../../../src/signal/http/page_headers.ts";
import { podRecord } from "./pod_record.ts";

const RECORD = podRecord("AbCdEf-_0123", { sha256: "abc" });
const URL_HTTPS = new URL("https://signal.example.org/AbCdEf-_0123");
const URL_HTTP = new URL("http://127.0.0.1:8080/AbCdEf-_0123");

const SANDBOXED = { kind: "sandboxed", reason: { why: "scripts" } } as const;

/** The CSP's directives, by name. */
function policy(...given: Parameters<typeof pageHeaders>): Map<string, string> {
  const header = pageHeaders(...given)["content-security-policy"] ?? "";
  return new Map(
    header.split("; ").map((directive) => {
      const [name = "", ...values] = directive.split(" ");
      return [name, values.join(" ")];
    }),
  );
}

Deno.test("the CSP of a known page runs its scripts and WASM, and no others", () => {
  const csp = policy(RECORD, { kind: "known", scriptHashes: ["aGE=", "c2g="] }, URL_HTTPS);
  assert.equal(csp.get("default-src"), "'none'");
  const scripts = csp.get("script-src") ?? "";
  assert.match(scripts, /'sha256-aGE=' 'sha256-c2g=' 'wasm-unsafe-eval'/);
  assert.doesNotMatch(scripts, /'unsafe-(inline|eval|hashes)'/);
  assert(!csp.has("sandbox"));
});

Deno.test("the CSP of any other page puts it into a sandbox without an origin", () => {
  const csp = policy(RECORD, SANDBOXED, URL_HTTPS);
  assert.match(csp.get("script-src") ?? "", /'unsafe-inline'/);
  assert.equal(csp.get("sandbox"), "allow-scripts allow-forms allow-popups allow-downloads");
});

Deno.test("the CSP of a broker without isolation has no sandbox", () => {
  const csp = policy(RECORD, { kind: "off" }, URL_HTTPS);
  assert.match(csp.get("script-src") ?? "", /'unsafe-inline'/);
  assert(!csp.has("sandbox"));
});

Deno.test("the CSP allows ws: only where the page came over plain http", () => {
  const sources = (url: URL) => policy(RECORD, SANDBOXED, url).get("connect-src")?.split(" ");
  assert(sources(URL_HTTPS)?.includes("wss:"));
  assert(!sources(URL_HTTPS)?.includes("ws:"));
  assert(sources(URL_HTTP)?.includes("ws:"));
});

Deno.test("pages may be embedded anywhere and change no base", () => {
  const csp = policy(RECORD, SANDBOXED, URL_HTTPS);
  assert.equal(csp.get("frame-ancestors"), "*");
  assert.equal(csp.get("base-uri"), "'none'");
});
