import type { IncomingMessage } from "node:http";
import { HttpError } from "./http_error.ts";

/** Bytes of a body that wait to be read; beyond, the client is not read from. */
const BODY_WAITING_BYTES = 256 * 1024;

/** A host with an optional port, and nothing that could end the host early (RFC 9110 7.2). */
const HOST = /^(?:[A-Za-z0-9._~!$&'()*+,;=%-]+|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/;

/** What nobody here answers, and what `Request` cannot hold (Fetch 2.2.1). */
const REFUSED_METHODS: readonly string[] = ["CONNECT", "TRACE", "TRACK"];

/**
 * A request of `node:http` as a standard one. Its body is read only as fast as it is asked for, and
 * fails when the client leaves.
 *
 * Throws {@linkcode HttpError} 400 or 405 for what is no address or no method.
 *
 * @param signal tells that the client has left
 */
export function webRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const method = incoming.method ?? "GET";
  if (REFUSED_METHODS.includes(method)) {
    throw new HttpError(405, `${method} is not answered here`, { connection: "close" });
  }
  return new Request(urlOf(incoming), {
    method,
    headers: headersOf(incoming),
    signal,
    ...(hasBody(incoming) && { body: bodyOf(incoming), duplex: "half" }),
  });
}

/** The headers as they came, several of a name included. */
function headersOf(incoming: IncomingMessage): Headers {
  const { rawHeaders } = incoming;
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    headers.append(rawHeaders[i] ?? "", rawHeaders[i + 1] ?? "");
  }
  return headers;
}

/** The address that was asked for, from the target and the `Host` header (RFC 9112 3.3). */
function urlOf(incoming: IncomingMessage): URL {
  const target = incoming.url ?? "/";
  const { host = "localhost" } = incoming.headers; // HTTP/1.0 may leave it out
  const url = target.startsWith("/")
    ? HOST.test(host) ? URL.parse(`http://${host}${target}`) : null
    : /^https?:\/\//i.test(target)
    ? URL.parse(target)
    : null;
  if (url === null) {
    throw new HttpError(400, "This is no address of a page", { connection: "close" });
  }
  return url;
}

function hasBody({ method, headers }: IncomingMessage): boolean {
  return method !== "GET" && method !== "HEAD" &&
    (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0);
}

function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  let ended = false;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      function end(how: () => void): void {
        if (ended) return;
        ended = true;
        how();
      }
      incoming.pause();
      incoming.on("data", (chunk) => {
        if (ended) return;
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.on("end", () => end(() => controller.close()));
      const left = () => end(() => controller.error(new Error("The client has left")));
      incoming.on("error", left);
      incoming.on("close", left);
    },
    pull() {
      incoming.resume();
    },
    cancel() {
      ended = true;
      incoming.pause(); // what is still on its way stays with the client
    },
  }, new ByteLengthQueuingStrategy({ highWaterMark: BODY_WAITING_BYTES }));
}
