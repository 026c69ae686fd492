import { CodedError } from "../base/mod.ts";
import type { ChatUsage } from "./chat_message.ts";
import { PAYLOAD_BYTES, splitText } from "./fit.ts";
import { FlowWindow } from "./flow_window.ts";
import type { DartcMeta } from "./frame.ts";
import { MAX_ERROR_CHARS } from "./limits.ts";
import type { Link } from "./link.ts";
import type { RunEnd, RunWriter } from "./run_writer.ts";
import type { CustomEventSpec, RunRequest } from "./session_options.ts";
import { TOPICS } from "./topics.ts";
import { type DartcUiEvent, type TextMessageStartEvent, UI_EVENT_SCHEMA } from "./ui_event.ts";
import { WholeCharacters } from "./whole_characters.ts";

/** What a run needs of its session's link. */
export type RunLink = Pick<
  Link,
  "send" | "uses" | "expectAck" | "writable" | "error" | "ended"
>;

/** Options of {@linkcode RunFrames}. */
export interface RunFramesOptions {
  link: RunLink;
  request: RunRequest;
  /** Called once, when the run is over. */
  onOver(): void;
}

/** A message of the run while it is open. */
interface OpenMessage {
  readonly messageId: string;
  readonly characters: WholeCharacters;
}

const FINAL: DartcMeta = { stream: true, is_final: true };

/** A UI event without what every event of a run says. */
type OfRun<E> = E extends DartcUiEvent ? Omit<E, "threadId" | "runId"> : never;

/** The frames of one chat run, in the order of dartc.md, "One chat run, in order". */
export class RunFrames implements RunWriter {
  readonly #link: RunLink;
  readonly #request: RunRequest;
  readonly #onOver: () => void;
  readonly #textFlow = new FlowWindow();
  readonly #reasoningFlow = new FlowWindow();
  #state: "new" | "running" | "over" = "new";
  readonly #answer: OpenMessage;
  #reasoning: OpenMessage | undefined;

  constructor(options: RunFramesOptions) {
    this.#link = options.link;
    this.#request = options.request;
    this.#onOver = options.onOver;
    this.#answer = open(`${options.request.requestId}:assistant`);
  }

  start(): void {
    if (this.#state !== "new" || this.#link.ended) return;
    this.#state = "running";
    this.#ui({ type: "RUN_STARTED" });
    this.#customEvents(this.#request.events?.on_run_started);
    this.#startMessage(this.#answer, "assistant");
  }

  text(delta: string): void {
    if (!this.#isRunning()) return;
    this.#endReasoning();
    this.#pieces(this.#answer.characters.push(delta), "text", this.#answer.messageId);
  }

  reasoning(delta: string): void {
    if (!this.#isRunning() || delta === "") return;
    if (this.#reasoning === undefined) {
      this.#reasoning = open(`${this.#request.requestId}:reasoning`);
      this.#startMessage(this.#reasoning, "reasoning");
    }
    const { characters, messageId } = this.#reasoning;
    this.#pieces(characters.push(delta), "reasoning", messageId);
  }

  toolCall(toolCallId: string, toolCallName: string): void {
    if (!this.#isRunning()) return;
    this.#endReasoning();
    const parentMessageId = this.#answer.messageId;
    this.#ui({ type: "TOOL_CALL_START", toolCallId, toolCallName, parentMessageId });
  }

  toolArgs(toolCallId: string, delta: string): void {
    if (!this.#isRunning()) return;
    for (const piece of splitText(delta, PAYLOAD_BYTES)) {
      this.#ui({ type: "TOOL_CALL_ARGS", toolCallId, delta: piece });
    }
  }

  toolEnd(toolCallId: string): void {
    if (this.#isRunning()) this.#ui({ type: "TOOL_CALL_END", toolCallId });
  }

  toolResult(toolCallId: string, content: string): void {
    if (!this.#isRunning()) return;
    // It is for people to see; the model has the whole of it.
    const [shown = "", ...rest] = splitText(content, PAYLOAD_BYTES);
    this.#ui({
      type: "TOOL_CALL_RESULT",
      messageId: `${this.#request.requestId}:tool:${toolCallId}`,
      toolCallId,
      content: rest.length === 0 ? shown : `${shown}…`,
      role: "tool",
    });
  }

  emit(event: DartcUiEvent): void {
    if (this.#isRunning()) this.#send(event);
  }

  finish(end: RunEnd = {}): void {
    if (!this.#isRunning()) return;
    this.#endReasoning();
    const { messageId, characters } = this.#answer;
    this.#pieces(characters.end(), "text", messageId);
    this.#ui({ type: "TEXT_MESSAGE_END", messageId }, FINAL);
    this.#done(end);
    this.#ui({ type: "RUN_FINISHED" }, FINAL);
    this.#customEvents(this.#request.events?.on_run_finished);
    this.#over();
  }

  fail(code: string, message: string): void {
    if (this.#isRunning()) {
      this.#ui({ type: "RUN_ERROR", message: message.slice(0, MAX_ERROR_CHARS), code }, FINAL);
      this.#link.error(code, message, this.#request.requestId);
      // Who cancels waits for `done` (dartc.md, "Topics", `gemmapod.chat.cancel`).
      if (code === "cancelled") this.#done({ finishReason: code });
      this.#over();
    }
  }

  writable(): Promise<void> | undefined {
    return this.#obstacle() === undefined ? undefined : this.#whenWritable();
  }

  /** Whether the visitor's page has taken nothing for too long. */
  isStalled(now: number): boolean {
    if (!this.#link.uses("flow.ack")) return false;
    return this.#textFlow.isStalled(now) || this.#reasoningFlow.isStalled(now);
  }

  /** The session is over: lets everybody go who waits. */
  release(): void {
    this.#state = "over";
    this.#textFlow.release();
    this.#reasoningFlow.release();
  }

  #isRunning(): boolean {
    if (this.#state === "new") this.start();
    return this.#state === "running" && !this.#link.ended;
  }

  #over(): void {
    this.release();
    this.#onOver();
  }

  async #whenWritable(): Promise<void> {
    for (let obstacle = this.#obstacle(); obstacle; obstacle = this.#obstacle()) await obstacle;
  }

  /** What to wait for before more is written. */
  #obstacle(): Promise<void> | undefined {
    if (this.#state === "over" || this.#link.ended) return undefined;
    const flow = [this.#textFlow, this.#reasoningFlow].find((window) => window.full);
    if (flow !== undefined && this.#link.uses("flow.ack")) return flow.whenOpen();
    return this.#link.writable();
  }

  #startMessage({ messageId }: OpenMessage, role: TextMessageStartEvent["role"]): void {
    this.#ui({ type: "TEXT_MESSAGE_START", messageId, role });
  }

  #endReasoning(): void {
    if (this.#reasoning === undefined) return;
    const { messageId, characters } = this.#reasoning;
    this.#reasoning = undefined;
    this.#pieces(characters.end(), "reasoning", messageId);
    this.#ui({ type: "TEXT_MESSAGE_END", messageId });
  }

  #pieces(text: string, kind: "text" | "reasoning", messageId: string): void {
    if (text === "") return;
    for (const piece of splitText(text, PAYLOAD_BYTES)) this.#piece(piece, kind, messageId);
  }

  #piece(delta: string, kind: "text" | "reasoning", messageId: string): void {
    const link = this.#link;
    const flow = kind === "text" ? this.#textFlow : this.#reasoningFlow;
    const { chunkId, isAcknowledged } = flow.next();
    const meta: DartcMeta = { chunk_id: chunkId, stream: true };
    const id = this.#ui({ type: "TEXT_MESSAGE_CONTENT", messageId, delta }, meta);
    if (isAcknowledged && link.uses("flow.ack")) {
      link.expectAck(id, () => flow.acknowledge(chunkId));
    }
    // To a peer without the feature reasoning goes as UI events alone (dartc.md, "Topics").
    if (link.uses("chat.single") || (kind === "reasoning" && !link.uses("chat.reasoning"))) return;
    const request_id = this.#request.requestId;
    const payload = kind === "text" ? { delta, request_id } : { delta, kind, request_id };
    link.send({ topic: TOPICS.chatDelta, payload, dartc: meta });
  }

  #done({ finishReason, usage }: { finishReason?: string; usage?: ChatUsage }): void {
    this.#link.send({
      topic: TOPICS.chatDone,
      payload: { finish_reason: finishReason, request_id: this.#request.requestId, usage },
      dartc: FINAL,
    });
  }

  #customEvents(events: readonly CustomEventSpec[] | null | undefined): void {
    for (const { name, value } of events ?? []) {
      try {
        this.#ui({ type: "CUSTOM", name, value });
      } catch (error) {
        // A run, and its end, are worth more than an event that no frame holds.
        if (!(error instanceof CodedError)) throw error;
      }
    }
  }

  #ui(event: OfRun<DartcUiEvent>, meta?: DartcMeta): string {
    const { threadId, requestId: runId } = this.#request;
    return this.#send({ ...event, runId, threadId }, meta);
  }

  #send(event: DartcUiEvent, meta?: DartcMeta): string {
    return this.#link.send({
      topic: TOPICS.uiEvent,
      payload: { event, schema: UI_EVENT_SCHEMA },
      dartc: meta,
    });
  }
}

function open(messageId: string): OpenMessage {
  return { messageId, characters: new WholeCharacters() };
}
