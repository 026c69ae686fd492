import type { ActiveRun, HistoryMessage } from "../../src/runtime/mod.ts";
import { Message } from "./message.ts";

/** Answers that are being given, by the id of their run. */
export type Answers = Map<string, Message>;

/**
 * The thread as it should be shown: the finished messages of the history, and after each question
 * the answer that is being given. What is on the screen already keeps its object, and with it its
 * place in the page.
 *
 * @param answers who answers which run; brought up to date
 * @returns `shown` itself when nothing was added, taken away or moved
 */
export function threadOf(
  shown: readonly Message[],
  history: readonly HistoryMessage[],
  active: readonly ActiveRun[],
  answers: Answers,
): readonly Message[] {
  takeOver(answers, active);
  const known = new Map(shown.map((message) => [message.id, message]));
  const ids = new Set(history.map(({ id }) => id));
  const thread: Message[] = [];
  for (const entry of history) {
    if (entry.role !== "user" && entry.role !== "assistant") continue;
    const here = shown[thread.length];
    const old = known.get(entry.id) ?? (here && !ids.has(here.id) ? here : undefined);
    thread.push(old !== undefined && settles(old, entry) ? old : settled(entry, entry.role));
    for (const run of active) {
      const answer = answers.get(run.runId);
      if (answer !== undefined && run.questionId === entry.id) thread.push(answer);
    }
  }
  const same = thread.length === shown.length && thread.every((one, i) => one === shown[i]);
  return same ? shown : thread;
}

/** A Host may give an answer an id of its own after it began. */
function takeOver(answers: Answers, active: readonly ActiveRun[]): void {
  const running = new Set(active.map(({ runId }) => runId));
  for (const runId of answers.keys()) if (!running.has(runId)) answers.delete(runId);
  for (const { runId, messageId, text, reasoning } of active) {
    const answer = answers.get(runId);
    if (answer !== undefined) answer.id = messageId;
    else answers.set(runId, new Message({ id: messageId, role: "assistant", text, reasoning }));
  }
}

/**
 * Whether a message that is shown is this one of the history; it then takes its id, and its end
 * where it had none. A Host may know what we said under other ids than we do.
 */
function settles(message: Message, entry: HistoryMessage): boolean {
  const { role, id, content, status, reasoning = "", error } = entry;
  if (message.role !== role) return false;
  if (message.finished) {
    if (message.text !== content || message.outcome !== status) return false;
  } else {
    if (!content.startsWith(message.text)) return false;
    message.append(content.slice(message.text.length));
    if (reasoning.startsWith(message.reasoning)) {
      message.append(reasoning.slice(message.reasoning.length), "reasoning");
    }
    message.finish(status, error);
  }
  message.id = id;
  return true;
}

function settled(entry: HistoryMessage, role: "user" | "assistant"): Message {
  const { id, content, status, reasoning = "", error } = entry;
  return new Message({
    id,
    role,
    text: content,
    reasoning,
    status,
    ...(error !== undefined && { failure: error }),
  });
}
