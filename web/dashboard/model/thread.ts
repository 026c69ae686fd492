import { Message } from "../../ui/message.ts";
import { Observers } from "../../ui/observers.ts";
import { applyRunEvent } from "../../ui/run_events.ts";
import { type ConversationEvent, uiEventOf } from "../api/host_event.ts";
import type { StoredMessage } from "../api/schemas.ts";
import { snippet } from "./activity_log.ts";

/** So many messages of a conversation are kept in the page: more than the model itself reads. */
export const MAX_MESSAGES = 200;

/** What a message shows at most, in UTF-16 units; the Host keeps the whole. */
export const MAX_MESSAGE_CHARS = 500_000;

type Status = "done" | "cut" | "cancelled" | "error";

/** A question that is being answered. */
interface Turn {
  /** Undefined where it was asked before the page looked. */
  readonly question: Message | undefined;
  readonly answer: Message;
}

/**
 * One conversation as an owner follows it: what the Host remembers of it, and after that what
 * happens now, as it streams.
 */
export class Thread {
  /** Messages came or went, or an answer ended. Each message tells of its own changes. */
  readonly changes = new Observers();
  readonly podId: string;
  readonly conversationId: string;
  /** When something happened last, in Unix milliseconds; 0 for never. */
  at = 0;
  #messages: readonly Message[] = [];
  /** By the id of their run: two tabs of a visitor may ask at once. */
  readonly #turns = new Map<string, Turn>();
  /** Turns that ended while a load was on its way, which may not know of them; by run. */
  #endedMeanwhile: Map<string, Turn> | undefined;
  #loaded: "no" | "yes" | "partly" = "no";

  constructor(podId: string, conversationId: string) {
    this.podId = podId;
    this.conversationId = conversationId;
  }

  /** Oldest first; a new array at each change. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** Whether all that the Host remembers is here. */
  get loaded(): boolean {
    return this.#loaded === "yes";
  }

  /** Whether somebody waits for an answer, or gets one. */
  get streaming(): boolean {
    return this.#turns.size > 0;
  }

  /** The beginning of what was said last. */
  get preview(): string {
    return snippet(this.#messages.findLast(({ text }) => text !== "")?.text ?? "");
  }

  /** What the Host remembers is about to be asked for. */
  beginLoad(): void {
    this.#endedMeanwhile = new Map();
  }

  /** It could not be had. */
  failLoad(): void {
    this.#endedMeanwhile = undefined;
  }

  /**
   * Takes over what the Host remembers; turns that it does not know of yet stay behind it. Of a run
   * that failed before its first word it remembers the question alone: why there is no answer is
   * known only to who saw it happen, so that stays too.
   */
  load(stored: readonly StoredMessage[]): void {
    const seen = new Map([...this.#endedMeanwhile ?? [], ...this.#turns]);
    for (const { id } of stored) {
      if (this.#turns.delete(runOf(id)) || id === answerId(runOf(id))) seen.delete(runOf(id));
    }
    const messages = stored.flatMap((one, at) => {
      const failed = seen.get(runOf(one.id));
      const isLast = runOf(stored[at + 1]?.id ?? "") !== runOf(one.id);
      if (failed === undefined || !isLast) return settled(one);
      seen.delete(runOf(one.id));
      return [message("user", one.id, one.content, "done"), failed.answer];
    });
    for (const { question, answer } of seen.values()) {
      messages.push(...question ? [question] : [], answer);
    }
    this.#endedMeanwhile = undefined;
    this.#loaded = "yes";
    this.#set(messages);
  }

  /**
   * Says that what is here may not be all.
   *
   * @param why `restarted`: the answers that were on their way will not come
   */
  markStale(why: "missed" | "restarted"): void {
    if (this.#loaded === "yes") this.#loaded = "partly";
    if (why === "restarted") {
      for (const runId of [...this.#turns.keys()]) {
        this.#end(runId, "cut");
      }
    }
    this.changes.notify();
  }

  /** Brings the thread up to date with something that happened. */
  apply({ event }: ConversationEvent): void {
    if (event.type === "other") return;
    this.at = Math.max(this.at, event.timestamp);
    const { runId = "" } = event;
    switch (event.type) {
      case "user":
        return this.#begin(runId, event.content, event.id);
      case "assistant":
        return this.#finish(runId, event.content, statusOf(event.status));
      case "error": {
        const { code } = event;
        this.#turn(runId);
        return this.#end(runId, "error", { code, message: event.message });
      }
      case "tool_call":
        return this.#turn(runId).setTool(event.toolCallId, (old) => ({
          ...old,
          id: event.toolCallId,
          name: event.name,
          input: old?.input || textOf(event.input),
        }));
      case "tool_result":
        return this.#turn(runId).setTool(event.toolCallId, (old) => ({
          id: event.toolCallId,
          name: event.name,
          input: old?.input ?? "",
          result: old?.result ?? textOf(event.output),
        }));
      case "ui_event":
        return this.#applyUi(runId, event.event);
    }
  }

  #applyUi(runId: string, raw: unknown): void {
    const event = uiEventOf(raw, this.conversationId);
    switch (event?.type) {
      case "TEXT_MESSAGE_CONTENT": {
        const kind = event.messageId.endsWith(":reasoning") ? "reasoning" : "text";
        const answer = this.#turn(runId);
        const room = MAX_MESSAGE_CHARS - answer[kind].length;
        return answer.append(event.delta.slice(0, Math.max(0, room)), kind);
      }
      case "ACTIVITY_SNAPSHOT":
      case "TOOL_CALL_START":
      case "TOOL_CALL_ARGS":
      case "TOOL_CALL_RESULT":
        return applyRunEvent(event, this.#turn(runId));
      default: // how a run ends is told by `assistant` and `error`; the rest is the visitor's page's
        return;
    }
  }

  #begin(runId: string, content: string, eventId: number): void {
    const question = message("user", `${runId}:question:${eventId}`, content, "done");
    const answer = message("assistant", answerId(runId), "");
    this.#turns.set(runId, { question, answer });
    this.#set([...this.#messages, question, answer]);
  }

  /** The answer of a run; where its beginning was missed, it begins here. */
  #turn(runId: string): Message {
    const turn = this.#turns.get(runId);
    if (turn !== undefined) return turn.answer;
    const answer = message("assistant", answerId(runId), "");
    this.#turns.set(runId, { question: undefined, answer });
    this.#set([...this.#messages, answer]);
    return answer;
  }

  #finish(runId: string, content: string, status: Status): void {
    const turn = this.#turns.get(runId);
    // Loaded meanwhile, with what came of it.
    if (turn === undefined && this.#messages.some(({ id }) => id === answerId(runId))) return;
    const answer = this.#turn(runId);
    const whole = content.slice(0, MAX_MESSAGE_CHARS);
    if (whole.startsWith(answer.text)) answer.append(whole.slice(answer.text.length));
    else {
      // What streamed is not all of it: the beginning was missed.
      const replaced = message("assistant", answer.id, whole, status);
      this.#turns.set(runId, { question: turn?.question, answer: replaced });
      this.#set(this.#messages.map((one) => one === answer ? replaced : one));
    }
    this.#end(runId, status);
  }

  #end(runId: string, status: Status, failure?: { code: string; message: string }): void {
    const turn = this.#turns.get(runId);
    turn?.answer.finish(status, failure);
    if (turn) this.#endedMeanwhile?.set(runId, turn);
    // Now the Host remembers the question that was missed.
    if (turn && !turn.question && this.#loaded === "yes") this.#loaded = "partly";
    this.#turns.delete(runId);
    this.changes.notify();
  }

  #set(messages: readonly Message[]): void {
    this.#messages = messages.slice(-MAX_MESSAGES);
    this.changes.notify();
  }
}

/** As the Host names the answer of a run in what it remembers. */
function answerId(runId: string): string {
  return `${runId}:assistant`;
}

/** The run of something that the Host remembers: `<run>:0`, `<run>:assistant`. */
function runOf(storedId: string): string {
  return storedId.slice(0, storedId.lastIndexOf(":"));
}

function message(role: "user" | "assistant", id: string, text: string, status?: Status): Message {
  const shown = text.slice(0, MAX_MESSAGE_CHARS);
  return new Message({ id, role, text: shown, ...status !== undefined && { status } });
}

function settled({ id, role, content, status }: StoredMessage): Message[] {
  if (role !== "user" && role !== "assistant") return [];
  return [message(role, id, content, statusOf(status))];
}

function statusOf(status: string): Status {
  switch (status) {
    case "cut":
    case "cancelled":
    case "error":
      return status;
    default:
      return "done";
  }
}

/** A tool's input or result as text; longer ones are cut where they are shown. */
function textOf(value: unknown): string {
  return (typeof value === "string" ? value : JSON.stringify(value) ?? "").slice(0, MAX_TOOL_CHARS);
}

/** An input or result longer than this is not shown in full; tools may return files. */
const MAX_TOOL_CHARS = 20_000;
