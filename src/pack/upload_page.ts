import * as z from "zod";
import { CodedError, noAnswer } from "../base/mod.ts";
import { brokerUrlOf } from "./broker_url.ts";
import { piecesOf } from "./pieces.ts";

/** How long a broker may take with a page, in milliseconds: 50 MiB over a slow line. */
const UPLOAD_WITHIN_MS = 10 * 60_000;

/** The most of a broker's sentence that is passed on, in characters. */
const MAX_REASON_CHARS = 300;

/** What a broker says of a page that it has taken (signaling.md, "HTTP"). */
const stored = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  url: z.url({ protocol: /^https?$/ }),
  ownerPubkey: z.string(),
  blobSize: z.number(),
});

/** A page that a broker has taken. */
export type UploadedPage = z.output<typeof stored>;

/** Options of {@linkcode uploadPage}. */
export interface UploadPageOptions {
  /** The broker, by its own address or that of its WebSocket. */
  broker: string;
  /** The page. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Told how many bytes have gone out. */
  onProgress?(sent: number): void;
  signal?: AbortSignal;
}

/**
 * Uploads a page to a broker, piece by piece.
 *
 * Rejects with {@linkcode CodedError}: `bad_broker`, `broker_unreachable`, or what it said:
 * `page_refused` (400, 415), `not_allowed` (401, 403), `id_taken` (409), `page_too_large` (413),
 * `rate_limited` (429), `broker_busy` (503), `broker_full` (507), `no_broker` (anything else).
 */
export async function uploadPage(options: UploadPageOptions): Promise<UploadedPage> {
  const { bytes, onProgress } = options;
  const broker = brokerUrlOf(options.broker);
  const address = `${broker}/pods`;
  const late = AbortSignal.timeout(UPLOAD_WITHIN_MS);
  const signal = options.signal === undefined ? late : AbortSignal.any([late, options.signal]);
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "text/html; charset=utf-8", accept: "application/json" },
      body: piecesOf(bytes, onProgress),
      redirect: "manual", // what has gone out cannot be sent again
      signal,
    });
    text = await answer.text();
  } catch (cause) {
    options.signal?.throwIfAborted();
    const { why, todo } = noAnswer(cause);
    const reason = late.aborted ? "it took longer than ten minutes" : why;
    throw new CodedError(
      "broker_unreachable",
      `Cannot reach the broker ${broker}: ${reason}; ${todo}, or name another with --broker`,
      { cause },
    );
  }
  if (answer.status !== 201) throw refusalOf(address, answer, text);
  const { data } = stored.safeParse(jsonOf(text));
  if (data !== undefined) return data;
  throw new CodedError(
    "no_broker",
    `Cannot upload to ${address}: its answer is not a broker's. Check the address`,
  );
}

/** A broker's "no", as what to do about it. */
function refusalOf(address: string, { status, headers }: Response, text: string): CodedError {
  const said = reasonIn(text);
  const because = said === undefined ? `status ${status}` : `"${said}"`;
  const refusal = (code: string, what: string) =>
    new CodedError(code, `The broker ${address} ${what} (${because})`);
  switch (status) {
    case 400:
    case 415:
      return refusal("page_refused", "does not take the page: see what `verify` says of it");
    case 401:
    case 403:
      return refusal("not_allowed", "does not let you upload: ask who runs it");
    case 409:
      return refusal(
        "id_taken",
        "has another page of that id, or the pod is another owner's: change pod_id, or a byte",
      );
    case 413:
      return refusal("page_too_large", "takes no page of that size: make it smaller");
    case 429:
      return refusal("rate_limited", `wants you to wait: try again ${waitOf(headers)}`);
    case 503:
      return refusal("broker_busy", `is busy: try again ${waitOf(headers)}`);
    case 507:
      return refusal("broker_full", "has no room: tell who runs it, or use another with --broker");
    default:
      if (status >= 300 && status < 400) {
        const to = headers.get("location") ?? "somewhere else";
        return refusal("no_broker", `sends uploads to ${to}: name that with --broker`);
      }
      return refusal("no_broker", "is no broker, or not well: check the address");
  }
}

/** A broker's own sentence. A stranger's: it is cut, and printed on one line. */
function reasonIn(text: string): string | undefined {
  const { data } = z.object({ error: z.string() }).safeParse(jsonOf(text));
  return data?.error.slice(0, MAX_REASON_CHARS);
}

/** `Retry-After` (RFC 9110, 10.2.3), as people say it. */
function waitOf(headers: Headers): string {
  const value = headers.get("retry-after") ?? "";
  const seconds = /^\d+$/.test(value)
    ? Number(value)
    : Math.ceil((Date.parse(value) - Date.now()) / 1_000);
  if (!Number.isFinite(seconds) || seconds < 0) return "later";
  if (seconds < 120) return `in ${seconds} s`;
  return seconds < 7_200
    ? `in ${Math.ceil(seconds / 60)} min`
    : `in ${Math.ceil(seconds / 3_600)} h`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
