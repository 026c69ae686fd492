import { HttpError } from "./http_error.ts";
import { releasePiece } from "./release_piece.ts";

/** What a body may take of the broker. */
export interface BodyLimits {
  readonly bytes: number;
  /** Milliseconds without a byte. */
  readonly idleMs: number;
  /** Milliseconds for all of it. */
  readonly totalMs: number;
}

/**
 * The bytes of a body as they come, at most `limits.bytes` of them; nothing is held. Each piece is
 * good until the next one is asked for.
 *
 * Throws {@linkcode HttpError} 413 as soon as it is clear that there are more: from the announced
 * length, else while they come in; 408 when they take too long; 400 when the client goes away.
 */
export async function* bodyChunks(
  request: Request,
  limits: BodyLimits,
): AsyncGenerator<Uint8Array> {
  if (Number(request.headers.get("content-length")) > limits.bytes) throw tooLarge(limits.bytes);
  if (request.body === null) return;
  const reader = request.body.getReader();
  const endsAt = performance.now() + limits.totalMs;
  let bytes = 0;
  try {
    for (;;) {
      const waitMs = Math.min(limits.idleMs, endsAt - performance.now());
      if (waitMs <= 0) throw tooSlow();
      const { done, value } = await inTime(reader.read(), waitMs);
      if (done) return;
      bytes += value.length;
      if (bytes > limits.bytes) throw tooLarge(limits.bytes);
      yield value;
      releasePiece(value);
    }
  } finally {
    // A cancelled body would be read to its end all the same, at full speed, and thrown away; left
    // alone, the client cannot send more than the sockets hold.
    reader.releaseLock();
  }
}

/** What a request is refused with that brings more than `limit` bytes. */
export function tooLarge(limit: number): HttpError {
  return new HttpError(413, `The page is over ${Math.floor(limit / (1024 * 1024))} MiB`);
}

function tooSlow(): HttpError {
  return new HttpError(408, "The upload took too long: send it again");
}

async function inTime<T>(read: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(tooSlow()), ms);
  try {
    return await Promise.race([read, late.promise]);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(400, "The upload broke off");
  } finally {
    clearTimeout(timer);
  }
}
