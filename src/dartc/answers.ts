import { isObject, isString } from "../base/mod.ts";
import { MAX_OPEN_REQUESTS } from "./limits.ts";
import type { DartcUiEvent, TextMessageStartEvent } from "./ui_event.ts";

/** A piece of an answer. */
export interface AnswerPiece {
  readonly requestId: string;
  readonly delta: string;
  readonly kind: "text" | "reasoning";
}

type Kind = AnswerPiece["kind"];

/** The two ways in which a Host sends a piece. */
type Source = "ui_event" | "chat_delta";

interface OpenAnswer {
  /** By which way pieces of each kind come; the other way says the same once more. */
  readonly source: Map<Kind, Source>;
  /** What each open message of the run is; undefined for one that is no part of the answer. */
  readonly messages: Map<string, Kind | undefined>;
}

/** More messages than any run has open, and longer ids; what is started beyond is read as text. */
const MAX_MESSAGES = 64;
const MAX_MESSAGE_ID_CHARS = 1024;

/**
 * The answers that a visitor waits for, each piece of them once: a Host sends a piece as a UI event
 * and, to a visitor without `chat.single`, as a `chat.delta` besides; which of the two comes first
 * is the one that is read.
 */
export class Answers {
  readonly #open = new Map<string, OpenAnswer>();

  /** Whether no further answer may be waited for. */
  get full(): boolean {
    return this.#open.size >= MAX_OPEN_REQUESTS;
  }

  /** From now on this answer is waited for. */
  open(requestId: string): void {
    this.#open.set(requestId, { source: new Map(), messages: new Map() });
  }

  /** Whether this answer is waited for. */
  has(requestId: string): boolean {
    return this.#open.has(requestId);
  }

  /** It is whole, or will never be; returns whether it was waited for. */
  close(requestId: string): boolean {
    return this.#open.delete(requestId);
  }

  /** The piece that a UI event brings, where it brings one. */
  ofUiEvent(event: DartcUiEvent): AnswerPiece | undefined {
    if (event.runId === undefined) return undefined;
    const answer = this.#open.get(event.runId);
    if (answer === undefined) return undefined;
    if (event.type === "TEXT_MESSAGE_START") note(answer, event);
    if (event.type === "TEXT_MESSAGE_END") answer.messages.delete(event.messageId);
    if (event.type !== "TEXT_MESSAGE_CONTENT") return undefined;
    const { messageId, delta, runId } = event;
    const kind = answer.messages.has(messageId) ? answer.messages.get(messageId) : "text";
    return kind !== undefined && isFrom(answer, kind, "ui_event")
      ? { requestId: runId, delta, kind }
      : undefined;
  }

  /** The piece that a `gemmapod.chat.delta` payload brings, where it did not come already. */
  ofChatDelta(payload: unknown): AnswerPiece | undefined {
    if (!isObject(payload) || !isString(payload.request_id) || !isString(payload.delta)) {
      return undefined;
    }
    const { request_id: requestId, delta } = payload;
    const answer = this.#open.get(requestId);
    const kind = payload.kind === "reasoning" ? "reasoning" : "text";
    return answer !== undefined && isFrom(answer, kind, "chat_delta")
      ? { requestId, delta, kind }
      : undefined;
  }
}

function note(answer: OpenAnswer, { messageId, role }: TextMessageStartEvent): void {
  if (answer.messages.size >= MAX_MESSAGES || messageId.length > MAX_MESSAGE_ID_CHARS) return;
  answer.messages.set(messageId, kindOfRole(role));
}

function kindOfRole(role: string): Kind | undefined {
  if (role === "reasoning") return "reasoning";
  return role === "assistant" ? "text" : undefined;
}

function isFrom(answer: OpenAnswer, kind: Kind, source: Source): boolean {
  const first = answer.source.get(kind) ?? source;
  answer.source.set(kind, first);
  return first === source;
}
