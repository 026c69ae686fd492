import { CodedError } from "../base/mod.ts";
import { MAX_SSE_LINE_CHARS } from "./limits.ts";

/**
 * The `data` of each event of a server-sent event stream (HTML 9.2.6), as it comes. Other fields
 * are of no use here. What a stream ends with, without an empty line, is not an event.
 *
 * Throws `CodedError` `chat_failed` for a line without end.
 */
export async function* sseData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let data: string[] = [];
  try {
    while (true) {
      const { done, value } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "" && data.length > 0) {
          yield data.join("\n");
          data = [];
        } else if (line.startsWith("data:")) {
          data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
        }
      }
      if (rest.length > MAX_SSE_LINE_CHARS) {
        throw new CodedError("chat_failed", "The endpoint sends a line without an end");
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => {}); // an aborted body is cancelled already
  }
}
