import { utf8Decode } from "../../base/mod.ts";
import { HttpError } from "./http_error.ts";

/** The largest request body, in bytes: a data file of the owner's. */
export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The JSON of a request's body, as text and as value.
 *
 * Rejects with {@linkcode HttpError}: 400 for what is no JSON, 413, 415.
 */
export async function readJson(request: Request): Promise<{ text: string; value: unknown }> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  // A browser sends other types across origins without asking first.
  if (type !== undefined && type !== "application/json") {
    throw new HttpError(415, "Send the body as application/json");
  }
  const bytes = await readBody(request);
  try {
    const text = utf8Decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch (cause) {
    throw new HttpError(400, "The body is no JSON in UTF-8", { cause });
  }
}

/** Never more than the limit is held, whatever length was announced. */
async function readBody(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? NaN) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Not cancelled when it is too long: the server would read the rest at full speed to throw it away.
  for await (const chunk of request.body?.values({ preventCancel: true }) ?? []) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return joined(chunks, length);
}

/** A client chooses how many pieces there are: too many for one call with all of them. */
function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function tooLarge(): HttpError {
  return new HttpError(413, `The body is over ${MAX_BODY_BYTES / (1024 * 1024)} MiB`, {
    headers: { connection: "close" }, // what is still on its way is not read
  });
}
