import { Buffer } from "node:buffer";
import { type IncomingHttpHeaders, request } from "node:http";

/** An answer as it came over the wire: nothing of it was decoded. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer<ArrayBuffer>;
}

/** Options of {@linkcode ask}. */
export interface AskOptions {
  /** @default "GET" */
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** One request with exactly these headers; `fetch` asks for compressions, and undoes them. */
export function ask(url: string, options: AskOptions = {}): Promise<WireAnswer> {
  const { method = "GET", headers = {}, body } = options;
  const { promise, resolve, reject } = Promise.withResolvers<WireAnswer>();
  // The path apart: `URL` would tidy it up.
  const { hostname, port, origin } = new URL(url);
  const path = url.slice(origin.length) || "/";
  const asked = request({ hostname, port, path, method, headers, agent: false }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => chunks.push(chunk));
    answer.on("error", reject);
    answer.on("end", () => {
      const { statusCode = 0, headers } = answer;
      resolve({ status: statusCode, headers, body: Buffer.concat(chunks) });
    });
  });
  asked.on("error", reject);
  asked.end(body);
  return promise;
}
