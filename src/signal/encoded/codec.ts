import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream";
import { setImmediate } from "node:timers/promises";
import {
  constants,
  createBrotliCompress,
  createBrotliDecompress,
  createGunzip,
  createGzip,
} from "node:zlib";

/** The codings that pages are compressed with (RFC 1952, RFC 7932). */
export type Compression = "br" | "gzip";

/**
 * Bytes that are compressed before others get their turn, a millisecond or two: Deno's zlib works
 * on the thread of whoever calls it, for as long as there is something to compress.
 */
const SLICE_BYTES = 32 * 1024;

/** Pages up to this are worth an effort; most of a larger one is compressed already. */
const SMALL_PAGE_BYTES = 1024 * 1024;

/** The bytes of a page, compressed. */
export function compressed(
  page: ReadableStream<Uint8Array>,
  coding: Compression,
  size: number,
): AsyncIterable<Uint8Array> {
  return through(page, coding === "br" ? brotli(size) : gzip(size));
}

/** What was compressed. Fails for what is cut off or damaged. */
export function decompressed(
  bytes: ReadableStream<Uint8Array>,
  coding: Compression,
): AsyncIterable<Uint8Array> {
  return through(bytes, coding === "br" ? createBrotliDecompress() : createGunzip());
}

function brotli(size: number): Transform {
  return createBrotliCompress({
    params: {
      [constants.BROTLI_PARAM_QUALITY]: size <= SMALL_PAGE_BYTES ? 6 : 4,
      [constants.BROTLI_PARAM_SIZE_HINT]: size,
    },
  });
}

function gzip(size: number): Transform {
  return createGzip({ level: size <= SMALL_PAGE_BYTES ? 7 : 4 });
}

function through(bytes: ReadableStream<Uint8Array>, codec: Transform): AsyncIterable<Uint8Array> {
  // What fails is thrown to whoever reads, and whoever stops reading ends all of it.
  return pipeline(Readable.from(slices(bytes), { objectMode: false }), codec, () => {});
}

async function* slices(bytes: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
      yield chunk.subarray(at, at + SLICE_BYTES);
      await setImmediate();
    }
  }
}
