import { type CodedError } from "../base/mod.ts";
import type { ActiveRun, HistoryMessage, MessageStatus, RuntimeChatInput } from "./chat_types.ts";
import { type ChunkQueue, createChunkQueue } from "./chunk_queue.ts";

/** What begins a run. */
export interface RunStart {
  readonly runId: string;
  readonly questionId: string;
  readonly conversationId: string;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Whether its turns enter the history. */
  readonly recorded: boolean;
  readonly metadata: RuntimeChatInput["metadata"];
  /** Called when the reader leaves before the end. */
  onLeave(): void;
}

/** One answer as it grows: its text, and the chunks on their way to the reader. */
export class Run {
  readonly start: RunStart;
  readonly chunks: ChunkQueue;
  /** Whether the question went out: only then can a lost connection cut the answer. */
  asked = false;
  /** What a `RUN_ERROR` said: whatever ends the run then, its answer is not whole. */
  failure: CodedError | undefined;
  /** The id of the answer: `<runId>:assistant` unless the Host names another (dartc.md). */
  messageId: string;
  /** How many characters have come, of text and of thoughts. */
  chars = 0;
  #text: string[] = [];
  #reasoning: string[] = [];
  #cleanUps: (() => void)[] = [];

  constructor(start: RunStart) {
    this.start = start;
    this.messageId = `${start.runId}:assistant`;
    this.chunks = createChunkQueue(() => start.onLeave());
  }

  /** A piece of the answer, or of what the model thinks. */
  push(delta: string, kind: "text" | "reasoning"): void {
    const { runId } = this.start;
    this.chars += delta.length;
    if (kind === "reasoning") {
      this.#reasoning.push(delta);
      this.chunks.push({ delta, runId, messageId: `${runId}:reasoning`, kind });
    } else {
      this.#text.push(delta);
      this.chunks.push({ delta, runId, messageId: this.messageId });
    }
  }

  /** Has something called once when the run ends. */
  whenEnds(cleanUp: () => void): void {
    this.#cleanUps.push(cleanUp);
  }

  /** It ends. */
  end(): void {
    for (const cleanUp of this.#cleanUps.splice(0)) cleanUp();
  }

  /** What has come so far. */
  get text(): string {
    return joined(this.#text);
  }

  /** What the model thought so far. */
  get reasoning(): string {
    return joined(this.#reasoning);
  }

  /** The answer as a message of the history. */
  message(status: MessageStatus, error?: CodedError): HistoryMessage {
    return {
      id: this.messageId,
      role: "assistant",
      content: this.text,
      status,
      ...this.#reasoning.length > 0 && { reasoning: this.reasoning },
      ...error !== undefined && { error: { code: error.code, message: error.message } },
      createdAt: this.start.startedAt,
    };
  }

  /** As callers of `chat.active()` see it. */
  summary(): ActiveRun {
    const { runId, questionId, conversationId, startedAt, metadata } = this.start;
    return {
      runId,
      messageId: this.messageId,
      questionId,
      conversationId,
      text: this.text,
      reasoning: this.reasoning,
      startedAt,
      ...metadata !== undefined && { metadata },
    };
  }
}

/** Joins once: the next question finds one piece. */
function joined(pieces: string[]): string {
  const text = pieces.join("");
  pieces.splice(0, pieces.length, text);
  return text;
}
