import { CodedError } from "../base/mod.ts";
import { MAX_SSE_EVENT_CHARS } from "./limits.ts";

/**
 * The `data` of each event of a server-sent event stream (HTML 9.2.6), as it comes. Other fields
 * are of no use here. What a stream ends with, without an empty line, is not an event.
 *
 * Throws `CodedError` `chat_failed` for a line, or an event of many, without end.
 */
export async function* sseData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let data: string[] = [];
  let dataChars = 0;
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
          dataChars = 0;
        } else if (line.startsWith("data:")) {
          data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
          dataChars += line.length;
        }
      }
      if (rest.length + dataChars > MAX_SSE_EVENT_CHARS) {
        throw new CodedError("chat_failed", "The endpoint sends an event without an end");
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => {}); // an aborted body is cancelled already
  }
}
