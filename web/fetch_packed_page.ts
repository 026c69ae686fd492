import { CodedError, concatBytes, errorMessage } from "../src/base/mod.ts";
import { type PackedPage, readPackedPage } from "../src/pod/mod.ts";

/** The largest page that is read, in bytes: ours with a pod's own script of megabytes in it. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Fetches a packed page and reads its parts; nothing of it is verified, and nothing of it runs.
 *
 * Rejects with `CodedError` `page_unreachable`, `page_too_large` or `invalid_page`, and with the
 * signal's reason.
 *
 * @param src its address, relative to the document's
 */
export async function fetchPackedPage(src: string, signal: AbortSignal): Promise<PackedPage> {
  if (src === "") throw new CodedError("page_unreachable", "no src says where the page is");
  const bytes = await fetched(src, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    if (cause instanceof CodedError) throw cause;
    throw new CodedError("page_unreachable", `Cannot fetch ${src}: ${errorMessage(cause)}`, {
      cause,
    });
  });
  return readPackedPage(bytes);
}

async function fetched(src: string, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(new URL(src, document.baseURI), { signal });
  if (!response.ok) throw new Error(`the server says ${response.status}`);
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { value } = await reader?.read() ?? {};
    if (value === undefined) return concatBytes(...chunks);
    length += value.length;
    if (length > MAX_BYTES) {
      await reader?.cancel();
      throw new CodedError("page_too_large", `${src} is larger than ${MAX_BYTES} bytes`);
    }
    chunks.push(value);
  }
}
