import { CodedError, errorMessage, type Logger } from "../../base/mod.ts";
import { MAX_PAGE_BYTES } from "../../pod/mod.ts";
import { Gate } from "../gate.ts";
import type { PodRecord, Registry } from "../registry/registry.ts";
import { isStorageFull } from "../registry/storage_errors.ts";
import { bodyChunks } from "./body_chunks.ts";
import { HttpError } from "./http_error.ts";
import { inspectPage } from "./inspect_page.ts";
import { htmlOfJson } from "./json_html.ts";
import { spoolPage } from "./spool_page.ts";

/** Characters of an id: 72 bits of the content's hash. */
const ID_CHARS = 12;

/**
 * The largest JSON body: writers that escape all that is not ASCII make two bytes six, which is the
 * most that a page of text can grow. The page in it is held to its own limit.
 */
const MAX_JSON_BYTES = 3 * MAX_PAGE_BYTES;

/** 50 MiB within this are 90 kB/s; a line that does not give a byte for so long is dead. */
const UPLOAD_TIMES = { idleMs: 30_000, totalMs: 10 * 60_000 } as const;

/** A stored upload. */
export interface Upload {
  readonly record: PodRecord;
  /** Whether these bytes were stored before. */
  readonly known: boolean;
}

/**
 * `POST /pods`: takes a packed page in, verifies its manifest, and stores it. It lies in a file
 * while it comes in; pages are checked one after another, each in memory once.
 *
 * What is returned rejects with {@linkcode HttpError}: 400 for a page without a manifest that holds,
 * 408, 409, 413, 415, 507.
 */
export function uploadsInto(
  registry: Registry,
  log: Logger,
): (request: Request) => Promise<Upload> {
  const inspection = new Gate();

  async function take(request: Request): Promise<Upload> {
    await using page = await spoolPage(pageChunks(request), registry.spoolDir, MAX_PAGE_BYTES);
    const id = page.sha256.slice(0, ID_CHARS);
    const existing = await registry.getRecord(id);
    if (existing !== undefined && existing.sha256 !== page.sha256) throw idTaken();
    const record = existing ?? await inspection.run(() => inspectPage(page, id));
    // Also where the record is known: a page that was lost comes back, and a claim that a crash cut
    // off is made up for.
    await registry.putPod(record, page);
    await registry.claim(record.podId, record.ownerPubkey);
    return { record, known: existing !== undefined };
  }

  return async (request) => {
    try {
      return await take(request);
    } catch (error) {
      if (isStorageFull(error)) {
        log.error("storage_full", { error: errorMessage(error) }, "no room for an upload");
        throw new HttpError(507, "The broker has no room for the page: tell who runs it");
      }
      if (error instanceof CodedError && error.code === "id_taken") throw idTaken();
      throw error;
    }
  };
}

function idTaken(): HttpError {
  return new HttpError(409, "Another page has this id: change a byte and upload it again");
}

/** The bytes of the page in a body, as they come. */
function pageChunks(request: Request): AsyncIterable<Uint8Array> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  switch (type) {
    case "text/html":
    case "text/plain":
      return bodyChunks(request, { ...UPLOAD_TIMES, bytes: MAX_PAGE_BYTES });
    case "application/json":
      return htmlOfJson(bodyChunks(request, { ...UPLOAD_TIMES, bytes: MAX_JSON_BYTES }));
    default:
      throw new HttpError(415, "Send the page as text/html, text/plain, or JSON {html}");
  }
}
