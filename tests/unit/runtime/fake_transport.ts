import type {
  OutgoingEnvelope,
  RuntimeTransport,
  TransportChatRequest,
  TransportContext,
  TransportStatus,
} from "../../../src/runtime/mod.ts";
import type { DartcUiEvent } from "../../../src/dartc/mod.ts";
import { CodedError } from "../../../src/base/mod.ts";

/** A transport whose other side is the test. */
export class FakeTransport implements RuntimeTransport {
  readonly name: string;
  readonly context: TransportContext;
  state: TransportStatus = "idle";
  /** What `connect` does; a test replaces it. */
  onConnect: () => Promise<void> = () => Promise.resolve();
  connects = 0;
  readonly asked: TransportChatRequest[] = [];
  readonly cancelled: string[] = [];
  readonly sent: OutgoingEnvelope[] = [];
  abandoned = 0;
  ticks = 0;

  constructor(name: string, context: TransportContext) {
    this.name = name;
    this.context = context;
  }

  async connect(): Promise<void> {
    this.connects++;
    this.state = "connecting";
    try {
      await this.onConnect();
      this.state = "ready";
    } catch (error) {
      this.state = "error";
      throw error;
    }
  }

  chat(request: TransportChatRequest): void {
    this.asked.push(request);
  }

  cancel(runId: string): void {
    this.cancelled.push(runId);
  }

  send(envelope: OutgoingEnvelope): Promise<void> {
    this.sent.push(envelope);
    return Promise.resolve();
  }

  subscribe(): () => void {
    return () => {};
  }

  close(): Promise<void> {
    this.state = "closed";
    return Promise.resolve();
  }

  abandon(): void {
    this.abandoned++;
    this.state = "closed";
  }

  tick(): void {
    this.ticks++;
  }

  /** The connection breaks. */
  drop(code = "disconnected"): void {
    this.state = "closed";
    this.context.emit({ type: "closed", error: new CodedError(code, "the connection was lost") });
  }

  /** The other side sends a UI event. */
  ui(event: DartcUiEvent): void {
    this.context.emit({ type: "ui", event });
  }

  /** The other side answers the n-th question, in so many pieces. */
  answer(index: number, pieces: readonly string[]): void {
    const { runId } = this.request(index);
    for (const delta of pieces) this.context.emit({ type: "delta", runId, delta, kind: "text" });
    this.context.emit({ type: "done", runId });
  }

  /** A piece of an answer. */
  piece(index: number, delta: string, kind: "text" | "reasoning" = "text"): void {
    this.context.emit({ type: "delta", runId: this.request(index).runId, delta, kind });
  }

  /** The n-th question. */
  request(index: number): TransportChatRequest {
    const request = this.asked[index];
    if (request === undefined) throw new Error(`no question ${index}`);
    return request;
  }
}
