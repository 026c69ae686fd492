import { TOKEN_HEADER } from "../../src/host/mod.ts";
import { z } from "zod";
import { PATIENCE_MS } from "./eventually.ts";

const streamed = z.object({
  scope: z.enum(["host", "pod", "conversation"]),
  podId: z.string().optional(),
  peerId: z.string().optional(),
  event: z.looseObject({ id: z.number(), type: z.string(), timestamp: z.number() }),
});

/** One event of the stream. */
export type Streamed = z.infer<typeof streamed>;

/** The loopback API of a running Host, over its socket. */
export class HostClient {
  readonly url: string;
  readonly token: string;

  private constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  /** Asks a Host for its token, as its dashboard does. */
  static async connect(port: number): Promise<HostClient> {
    const url = `http://127.0.0.1:${port}`;
    const { token } = z.object({ token: z.string() })
      .parse(await (await fetch(`${url}/auth`)).json());
    return new HostClient(url, token);
  }

  /** One request below `/api/v1`: its status, and its JSON. */
  async ask(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        [TOKEN_HEADER]: this.token,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const read = z.record(z.string(), z.unknown()).parse(await response.json());
    return { status: response.status, body: read };
  }

  /** Opens an event stream. */
  async events(path = "/events/stream", lastEventId?: number): Promise<EventLine> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      headers: {
        [TOKEN_HEADER]: this.token,
        ...(lastEventId === undefined ? {} : { "last-event-id": `${lastEventId}` }),
      },
    });
    if (!response.ok || response.body === null) throw new Error(`${path}: ${response.status}`);
    return new EventLine(response.body);
  }
}

/** An open event stream. */
export class EventLine implements AsyncDisposable {
  /** What came so far. */
  readonly events: Streamed[] = [];
  /** The whole text. */
  text = "";
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #reading: Promise<void>;
  readonly #waiting = new Set<() => void>();

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
    this.#reading = this.#read();
  }

  /** Settles when the stream ends. */
  get ended(): Promise<void> {
    return this.#reading;
  }

  /** Settles with the first event of a type that `fits`; those that came before count. */
  until(type: string, fits: (event: Streamed) => boolean = () => true): Promise<Streamed> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        const seen = this.events.map(({ event }) => event.type).join(" ");
        reject(new Error(`No ${type} within ${PATIENCE_MS} ms; there were: ${seen}`));
      }, PATIENCE_MS);
      const look = () => {
        const found = this.events.find((one) => one.event.type === type && fits(one));
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
    await this.#reading;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for (let got = await this.#reader.read(); !got.done; got = await this.#reader.read()) {
      const text = decoder.decode(got.value, { stream: true });
      this.text += text;
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("data: ")) this.events.push(streamed.parse(JSON.parse(line.slice(6))));
      }
      for (const look of [...this.#waiting]) look();
    }
  }
}
