import * as z from "zod";
import { CodedError, toBase64, utf8Decode, utf8Encode } from "../../base/mod.ts";
import { MAX_PAGE_BYTES, podIdOf, readPackedPage, verifyManifest } from "../../pod/mod.ts";
import { pageScripts } from "../page_scripts.ts";
import type { PodRecord, Registry } from "../registry/registry.ts";
import { HttpError } from "./http_error.ts";
import { readBody } from "./read_body.ts";

/** Characters of an id: 72 bits of the content's hash. */
const ID_CHARS = 12;

/** A stored upload. */
export interface Upload {
  readonly record: PodRecord;
  /** Whether these bytes were stored before. */
  readonly known: boolean;
}

/**
 * `POST /pods`: takes a packed page in, verifies its manifest by the same WASM as everywhere, and
 * stores it.
 *
 * Rejects with {@linkcode HttpError}: 400 for a page without a manifest that holds, 413, 415.
 */
export async function takeUpload(request: Request, registry: Registry): Promise<Upload> {
  const { html, bytes } = await readPage(request);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = toBase64(digest).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const id = sha256.slice(0, ID_CHARS);
  const existing = await registry.getRecord(id);
  if (existing !== undefined) {
    if (existing.sha256 === sha256) return { record: existing, known: true };
    throw new HttpError(409, "Another page has this id: change a byte and upload it again");
  }
  const record = await inspect(html, { id, sha256, blobSize: bytes.length });
  await registry.putPod(record, bytes);
  await registry.claim(record.podId, record.ownerPubkey);
  return { record, known: false };
}

/** What a page says of itself, after its signature held. */
async function inspect(
  html: string,
  content: Pick<PodRecord, "id" | "sha256" | "blobSize">,
): Promise<PodRecord> {
  try {
    const { signedManifest } = readPackedPage(html);
    const manifest = await verifyManifest(signedManifest);
    return {
      ...content,
      podId: podIdOf(manifest),
      name: manifest.name,
      ownerPubkey: manifest.owner_pubkey,
      manifestSize: signedManifest.length,
      createdAt: new Date().toISOString(),
      hits: 0,
      scripts: await pageScripts(html),
    };
  } catch (error) {
    // Reading and verifying throw these for what the page holds; anything else is a fault of ours.
    if (error instanceof CodedError) throw new HttpError(400, error.message);
    throw error;
  }
}

const jsonBody = z.object({ html: z.string() });

async function readPage(
  request: Request,
): Promise<{ html: string; bytes: Uint8Array<ArrayBuffer> }> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  switch (type) {
    case "text/html":
    case "text/plain": {
      const bytes = await readBody(request, MAX_PAGE_BYTES);
      return { html: decode(bytes), bytes };
    }
    case "application/json": {
      const html = readJson(decode(await readBody(request, MAX_PAGE_BYTES)));
      return { html, bytes: utf8Encode(html) };
    }
    default:
      throw new HttpError(415, "Send the page as text/html, text/plain, or JSON {html}");
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8Decode(bytes);
  } catch {
    throw new HttpError(400, "The page is not UTF-8");
  }
}

function readJson(text: string): string {
  try {
    return jsonBody.parse(JSON.parse(text)).html;
  } catch {
    throw new HttpError(400, "The body is not JSON of the form {html}");
  }
}
