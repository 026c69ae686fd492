import type { PodRecord } from "../registry/registry.ts";
import type { PageIsolation } from "./page_isolation.ts";

/** Where the optional in-browser model comes from: transformers.js and its WASM, the weights. */
const SCRIPT_CDN = "https://cdn.jsdelivr.net";
const MODEL_CDNS = "https://huggingface.co https://*.huggingface.co https://*.hf.co";

/** The headers that a page is served with in every coding, also where its body is not sent. */
export function pageHeaders(
  record: PodRecord,
  isolation: PageIsolation,
  url: URL,
): Record<string, string> {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": contentSecurityPolicy(isolation, url.protocol === "http:"),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), " +
      "serial=(), hid=(), midi=(), display-capture=()",
    "cross-origin-resource-policy": "cross-origin", // pods are embedded
    "access-control-allow-origin": "*", // pages are public
    "access-control-expose-headers": "etag, x-pod-owner",
    "x-pod-owner": record.ownerPubkey,
    "cache-control": "public, max-age=300, must-revalidate",
    "vary": "accept-encoding",
  };
}

function contentSecurityPolicy(isolation: PageIsolation, overHttp: boolean): string {
  const scripts = isolation.kind === "known"
    ? isolation.scriptHashes.map((hash) => `'sha256-${hash}'`).join(" ")
    : "'unsafe-inline'";
  const directives = [
    "default-src 'none'",
    `script-src ${scripts} 'wasm-unsafe-eval' ${SCRIPT_CDN}`,
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "font-src data:",
    // A page that came over plain http, from a broker on loopback, may reach that broker.
    `connect-src wss:${overHttp ? " ws:" : ""} ${SCRIPT_CDN} ${MODEL_CDNS}`,
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors *", // pods are embedded
  ];
  if (isolation.kind === "sandboxed") {
    directives.push("sandbox allow-scripts allow-forms allow-popups allow-downloads");
  }
  return directives.join("; ");
}
