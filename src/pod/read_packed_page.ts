import { CodedError, fromBase64, utf8Encode } from "../base/mod.ts";
import { assignedStrings } from "./assigned_strings.ts";
import { MAX_PAGE_BYTES, PAGE_GLOBALS } from "./packed_page.ts";

/** The largest WASM that is unpacked, in bytes: many times ours, and no bomb. */
const MAX_WASM_BYTES = 8 * 1024 * 1024;

/** The most base64 of each part, in characters: larger than any reader of the part takes. */
const MAX_CHARS = {
  manifest: 512 * 1024,
  wasm: 12 * 1024 * 1024,
  ui: 4 * 1024 * 1024,
} as const;

/** What a packed page holds. Nothing of it was verified. */
export interface PackedPage {
  /** The bytes of the signed manifest, for `verifyManifest`. */
  readonly signedManifest: Uint8Array<ArrayBuffer>;
  /** The same as standard base64, padded. */
  readonly manifestB64: string;
  /**
   * The page's own copy of the WASM, unpacked; absent where the page has none. Rejects with
   * {@linkcode CodedError} `invalid_page` where it does not unpack.
   */
  readonly wasm?: () => Promise<Uint8Array<ArrayBuffer>>;
  /** The pod's own script. */
  readonly uiScript?: Uint8Array<ArrayBuffer>;
}

/**
 * The parts of a packed page, of ours or another implementation's.
 *
 * The manifest is found by the assignment to `__GEMMAPOD_MANIFEST_B64`. A page that assigns it
 * twice, and not the same, is refused: who checked the one would not know about the other.
 *
 * A page of many megabytes is better given as its UTF-8 bytes: no copy of them is made.
 *
 * Throws {@linkcode CodedError} `invalid_page` with the reason.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readPackedPage } from "./mod.ts";
 *
 * const page = readPackedPage("<script>globalThis.__GEMMAPOD_MANIFEST_B64='AQID'</script>");
 * assert.deepEqual([...page.signedManifest], [1, 2, 3]);
 * assert.throws(() => readPackedPage("<p>hello"), /no manifest/);
 * ```
 */
export function readPackedPage(page: string | Uint8Array): PackedPage {
  // A text has at least as many bytes as characters.
  const tooLarge = () => refusal(`it is larger than ${MAX_PAGE_BYTES} bytes`);
  if (page.length > MAX_PAGE_BYTES) throw tooLarge();
  const html = typeof page === "string" ? utf8Encode(page) : page;
  if (html.length > MAX_PAGE_BYTES) throw tooLarge();
  const manifestB64 = only(html, "manifest");
  if (manifestB64 === undefined) throw refusal("it has no manifest");
  const wasmB64 = only(html, "wasm");
  const uiB64 = only(html, "ui");
  return {
    signedManifest: fromBase64(manifestB64),
    manifestB64,
    ...(wasmB64 === undefined ? {} : { wasm: () => unpacked(fromBase64(wasmB64)) }),
    ...(uiB64 === undefined ? {} : { uiScript: fromBase64(uiB64) }),
  };
}

/** The one value that a page assigns to a global, as padded base64. */
function only(html: Uint8Array, part: keyof typeof PAGE_GLOBALS): string | undefined {
  const name = PAGE_GLOBALS[part];
  const { values: [value, another], malformed } = assignedStrings(html, name, MAX_CHARS[part]);
  if (another !== undefined) throw refusal(`it assigns ${name} twice, and not the same`);
  if (value === undefined) {
    if (malformed > 0) throw refusal(`what it assigns to ${name} is not base64`);
    return undefined;
  }
  return value.padEnd(Math.ceil(value.length / 4) * 4, "=");
}

async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b; // RFC 1952, 2.3.1
  if (!isGzip) return bytes;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for await (const chunk of new Blob([bytes]).stream().pipeThrough(gunzip())) {
      length += chunk.length;
      if (length > MAX_WASM_BYTES) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw refusal("its WASM does not unpack", cause);
  }
  if (length > MAX_WASM_BYTES) throw refusal(`its WASM is larger than ${MAX_WASM_BYTES} bytes`);
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function gunzip(): DecompressionStream {
  return new DecompressionStream("gzip");
}

function refusal(reason: string, cause?: unknown): CodedError {
  return new CodedError("invalid_page", `Cannot read the page: ${reason}`, { cause });
}
