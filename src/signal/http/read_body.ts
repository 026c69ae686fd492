import { HttpError } from "./http_error.ts";

/**
 * The bytes of a body, at most `limit` of them.
 *
 * Rejects with {@linkcode HttpError} 413 as soon as it is clear that there are more: from the
 * announced length, else while they come in, of which no more than the limit is ever held.
 */
export async function readBody(
  request: Request,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const announced = Number(request.headers.get("content-length") ?? NaN);
  if (announced > limit) throw tooLarge(limit);
  // With an announced length the bytes have a place at once; else it grows as they come.
  let bytes = new Uint8Array(Number.isInteger(announced) ? announced : 64 * 1024);
  let length = 0;
  // A cancelled body would be read to its end all the same, at full speed, and thrown away; left
  // alone, the client cannot send more than the sockets hold.
  for await (const chunk of request.body?.values({ preventCancel: true }) ?? []) {
    if (length + chunk.length > limit) throw tooLarge(limit);
    if (length + chunk.length > bytes.length) {
      const larger = new Uint8Array(Math.min(limit, 2 * (length + chunk.length)));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes.set(chunk, length);
    length += chunk.length;
  }
  return bytes.subarray(0, length);
}

function tooLarge(limit: number): HttpError {
  return new HttpError(413, `The page is over ${limit / (1024 * 1024)} MiB`, {
    connection: "close", // what is still on its way is not read
  });
}
