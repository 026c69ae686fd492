import { CodedError } from "../../../src/base/mod.ts";

/** One event of a stream. */
export interface StreamedEvent {
  /** What `Last-Event-ID` has to say to go on after it; undefined where the stream names none. */
  readonly id: string | undefined;
  readonly data: string;
}

/** A line without end would fill the page's memory; the Host's longest event is far below. */
const MAX_LINE_CHARS = 4 * 1024 * 1024;

/**
 * Reads server-sent events (HTML, 9.2.6) from the body of a response: `EventSource` cannot send the
 * token. Comments and other fields are passed over; `onBytes` is told of everything that comes.
 *
 * Throws {@linkcode CodedError} `bad_stream` for a line without an end.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void = () => {},
): AsyncGenerator<StreamedEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let id: string | undefined;
  let data: string[] = [];
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes();
      rest += decoder.decode(value, { stream: true });
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "") {
          if (data.length > 0) yield { id, data: data.join("\n") };
          data = [];
          continue;
        }
        const [, name, text = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
        if (name === "data") data.push(text);
        else if (name === "id") id = text;
      }
      if (rest.length > MAX_LINE_CHARS) {
        throw new CodedError("bad_stream", "The Host sends an event without an end");
      }
    }
  } finally {
    await reader.cancel().catch(() => {}); // an aborted body is cancelled already
  }
}
