import { CodedError, noAnswer, utf8Encode } from "../base/mod.ts";
import type { Settings } from "./settings/settings.ts";

/** How long a broker may take to say that it is well, in milliseconds. */
const WITHIN_MS = 3_000;

/** The status of an answer is in its first bytes. */
const STATUS_BYTES = 64;

/** Where a broker that listens everywhere is reached from its own machine. */
const OWN: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/**
 * Asks the broker that runs on this machine with these settings whether it serves. For images, which
 * have no other program that could ask; by TCP itself, so that no proxy comes between.
 *
 * Rejects with `CodedError` `not_healthy`.
 */
export async function askHealth(
  { host, port }: Pick<Settings, "host" | "port">,
  withinMs: number = WITHIN_MS,
): Promise<void> {
  const hostname = OWN[host] ?? host;
  let isLate = false;
  try {
    using connection = await Deno.connect({ hostname, port });
    const timer = setTimeout(() => {
      isLate = true;
      connection.close();
    }, withinMs);
    try {
      await connection.write(utf8Encode("GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n"));
      const bytes = new Uint8Array(STATUS_BYTES);
      const read = await connection.read(bytes) ?? 0;
      // Whatever answers there: it need not be text.
      const [line = ""] = new TextDecoder().decode(bytes.subarray(0, read)).split("\r\n");
      if (!/^HTTP\/1\.[01] 200 /.test(line)) {
        throw new CodedError("not_healthy", line === "" ? "it says nothing" : `it answers ${line}`);
      }
    } finally {
      clearTimeout(timer);
    }
  } catch (cause) {
    const why = isLate
      ? `it did not answer within ${withinMs} ms`
      : cause instanceof CodedError
      ? cause.message
      : noAnswer(cause).why;
    throw new CodedError("not_healthy", `No broker serves at ${hostname} port ${port}: ${why}`, {
      cause,
    });
  }
}
