import type { ServerResponse } from "node:http";

/** Bodies over this are not to be held whole for whoever reads slowly, in bytes. */
const LARGE_BYTES = 64 * 1024;

/**
 * Answers with a large body in Deno 2.6, whose `node:http` says of every write that there is room for
 * more, and holds 50 MiB for a client that reads nothing. Its requests are those of `Deno.serve`, and
 * its responses hand one of the standard kind on to it, which is read as fast as the client reads.
 *
 * @returns whether it did; false in every other runtime
 */
export function answerAsDeno26(response: Response, outgoing: ServerResponse): boolean {
  if (!(Number(response.headers.get("content-length")) > LARGE_BYTES)) return false;
  const resolve: unknown = Reflect.get(outgoing, "_resolve");
  if (typeof resolve !== "function") return false;
  resolve(response);
  return true;
}
