import { CodedError, fromBase64 } from "../src/base/mod.ts";
import { PAGE_GLOBALS } from "../src/pod/mod.ts";

/**
 * `core.wasm` as base64 of its gzip. The builder puts it here in the bundle for sites; the one for
 * packed pages has none, because the page has it.
 */
declare const GEMMAPOD_CORE_GZIP_B64: string | null;

/**
 * The bytes of `core.wasm` that came with this page or this bundle, for `provideCore`.
 *
 * Rejects with `CodedError` `no_core` when neither has it, or it does not unpack.
 */
export async function carriedCore(): Promise<Uint8Array<ArrayBuffer>> {
  const text = pageGlobal(PAGE_GLOBALS.wasm) ?? GEMMAPOD_CORE_GZIP_B64;
  if (text === null) {
    throw new CodedError(
      "no_core",
      `this page has no ${PAGE_GLOBALS.wasm}, and so no way to verify`,
    );
  }
  const bytes = fromBase64(text);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b; // RFC 1952, 2.3.1
  return isGzip ? await gunzip(bytes) : bytes;
}

/** A global of a packed page; undefined where the page does not set it to a text. */
export function pageGlobal(name: string): string | undefined {
  const value: unknown = Reflect.get(globalThis, name);
  return typeof value === "string" ? value : undefined;
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    throw new CodedError("no_core", "the WASM of this page does not unpack", { cause });
  }
}
