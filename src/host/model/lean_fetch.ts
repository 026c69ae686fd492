/**
 * How much is read from an endpoint at once, in bytes: dozens of streamed tokens. The platform's own
 * body would take a fresh 64 KiB buffer for each token that comes alone, and with 200 answers on
 * their way that is 100 MB of garbage at any moment (measured).
 */
const READ_BYTES = 8 * 1024;

/**
 * `fetch`, with a body that is read into one small buffer again and again, and that can be aborted
 * until its end: Deno forgets the signal of a request whose answer has begun when its garbage is
 * collected, and would then read on for as long as the endpoint sends (measured, 2.6 to 2.9).
 */
export async function leanFetch(
  input: Parameters<typeof fetch>[0],
  init?: Parameters<typeof fetch>[1],
): Promise<Response> {
  const { body, status, statusText, headers } = await fetch(input, {
    ...init,
    redirect: "error", // only the configured endpoint is ever contacted (host.md, "Settings")
  });
  return new Response(body === null ? null : leanBody(body, init?.signal ?? undefined), {
    status,
    statusText,
    headers,
  });
}

function leanBody(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader({ mode: "byob" });
  let buffer = new ArrayBuffer(READ_BYTES);
  let abort = () => {};
  const release = () => signal?.removeEventListener("abort", abort);
  return new ReadableStream({
    start(controller) {
      abort = () => {
        controller.error(signal?.reason);
        reader.cancel(signal?.reason).catch(() => {}); // it may have failed already
      };
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read(new Uint8Array(buffer));
        if (signal?.aborted) return; // the stream has been told already
        if (value === undefined || done) {
          release();
          return controller.close();
        }
        controller.enqueue(value.slice());
        buffer = value.buffer; // the read took it away, and gives it back
      } catch (error) {
        release();
        throw error;
      }
    },
    cancel(reason) {
      release();
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
