import { CodedError, errorMessage, type Logger } from "../../base/mod.ts";
import { type ChatMessage, mergeThread, type RunWriter } from "../../dartc/mod.ts";
import type { AnswerEnd } from "../model/answer.ts";
import { ModelFailure } from "../model/model_failure.ts";
import type { Provider } from "../model/provider.ts";
import type { PodToml } from "../../pod/mod.ts";
import type { OfferedTools } from "../tools/offered_tools.ts";
import type { NewMessage, StoredStatus } from "../store/conversation_store.ts";
import { answerInSteps, type StepsRequest } from "./answer_in_steps.ts";
import { AnswerText } from "./answer_text.ts";
import type { ConversationMemory } from "./conversation_memory.ts";
import { checkDailyLimit, rowsForDailyLimit } from "./daily_limit.ts";

/** Why a run was stopped; the reason of its signal. */
export type StopReason = "cancelled" | "visitor_left" | "shutting_down";

/** What one run needs. */
export interface ChatRun extends Pick<StepsRequest, "onToolCall" | "onToolAnswer"> {
  readonly requestId: string;
  readonly conversationId: string;
  /** What the visitor sent. */
  readonly messages: readonly ChatMessage[];
  readonly pod: Pick<PodToml, "llm" | "limits">;
  readonly podId: string;
  /** Who asks, for the queue. */
  readonly visitor: string;
  readonly system: string;
  /** Undefined where neither the owner nor the visitor named one. */
  readonly model: string | undefined;
  readonly provider: Provider;
  readonly memory: ConversationMemory;
  readonly writer: RunWriter;
  /** What the model may call; asked when the run has its place. */
  tools(): Promise<OfferedTools>;
  /** Aborted with a {@linkcode StopReason}. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** How a run ended, for the event bus. */
export interface ChatRunEnd {
  readonly status: StoredStatus;
  readonly answer: string;
  /** Where there is no answer, or not a whole one, through no wish of the visitor's. */
  readonly failure?: { readonly code: string; readonly message: string };
}

/** `[limits] max_question_chars` where a pod names none (manifest.md). */
const MAX_QUESTION_CHARS = 16_000;

/** How long a question to a pod may be, in UTF-16 units. */
export function maxQuestionChars(pod: Pick<PodToml, "limits">): number {
  return pod.limits?.max_question_chars ?? MAX_QUESTION_CHARS;
}

/**
 * Runs one chat request: thread, place in the queue, model, memory; frames go out through the
 * writer. Never rejects: what fails is told to the visitor, and to the owner in the log.
 */
export async function runChat(run: ChatRun): Promise<ChatRunEnd> {
  const { writer, conversationId, signal, log } = run;
  const answer = new AnswerText(writer);
  const conversation = shortId(conversationId);
  log.info(
    "chat.request",
    { conversation, model: run.model, run: run.requestId },
    `chat.request  conversation=${conversation}  model=${run.model ?? "none"}`,
  );
  const { run: thread, append, superseded } = mergeThread(
    run.memory.messages(conversationId),
    run.messages,
  );
  /** The turn as far as it got; a run that never began leaves no trace. */
  const remember = (status: StoredStatus) => {
    const questions = append.map(({ role, content }, index): NewMessage => {
      const unanswered = status !== "done" && answer.written === "" && index === append.length - 1;
      return {
        id: `${run.requestId}:${index}`,
        role,
        content,
        status: unanswered ? status : "done",
      };
    });
    const answered: NewMessage[] = answer.written === "" ? [] : [
      { id: `${run.requestId}:assistant`, role: "assistant", content: answer.written, status },
    ];
    run.memory.append({
      conversationId,
      messages: [...questions, ...answered],
      supersedes: superseded.map(({ row }) => row),
    });
  };

  try {
    writer.start();
    const end = await answerInTurn(run, thread, answer);
    remember("done");
    writer.finish(end);
    log.info(
      "chat.done",
      { conversation, run: run.requestId, ...end.usage },
      `chat.done     conversation=${conversation}`,
    );
    return { status: "done", answer: answer.written };
  } catch (error) {
    if (signal.aborted) return stopped(run, answer, remember);
    const { code, message, reason } = failureOf(error);
    // A question that was refused is not part of the conversation; one that had no answer is.
    if (error instanceof ModelFailure) remember(answer.written === "" ? "error" : "cut");
    writer.fail(code, message);
    log.warn(
      "chat.failed",
      { conversation, run: run.requestId, code, reason },
      `chat.failed   conversation=${conversation}  code=${code}  ${reason}`,
    );
    return { status: "error", answer: answer.written, failure: { code, message } };
  }
}

async function answerInTurn(
  run: ChatRun,
  thread: readonly { role: "user" | "assistant"; content: string }[],
  sink: AnswerText,
): Promise<AnswerEnd> {
  const { pod, provider, signal } = run;
  const limit = maxQuestionChars(pod);
  const question = thread.at(-1);
  if (question?.role !== "user") {
    throw new CodedError("bad_chat_request", "There is no question in this request.");
  }
  if (question.content.length > limit) {
    throw new CodedError("bad_chat_request", `The question is longer than ${limit} characters.`);
  }
  const aDay = pod.limits?.messages_per_conversation_day;
  if (aDay !== undefined) {
    checkDailyLimit(aDay, run.memory.rows(run.conversationId, rowsForDailyLimit(aDay)), Date.now());
  }
  if (run.model === undefined) {
    throw new ModelFailure(
      "model_unavailable",
      "This pod has no model yet. Its owner has to name one.",
      "no model is named: use --model, or `model` in pod.toml",
    );
  }
  using _place = await placeFor(run);
  const { temperature, max_tokens: maxOutputTokens, context } = pod.llm ?? {};
  try {
    const end = await answerInSteps({
      provider,
      model: run.model,
      system: run.system,
      thread,
      ...(context === undefined ? {} : { context }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
      tools: await run.tools(),
      sink,
      signal,
      onToolCall: (call) => run.onToolCall(call),
      onToolAnswer: (call, answer) => {
        run.writer.toolResult(call.toolCallId, answer.content);
        run.onToolAnswer(call, answer);
      },
    });
    provider.noteUp();
    provider.keepLoaded(run.model, pod.llm?.keep_alive);
    return end;
  } catch (error) {
    if (error instanceof ModelFailure && error.endpoint === "down") {
      provider.noteDown(error.reason);
    }
    throw error;
  }
}

/** A place in the provider's queue; the visitor is told where it stands while it waits. */
async function placeFor(run: ChatRun): Promise<Disposable> {
  const { pod, writer, requestId: runId, conversationId: threadId } = run;
  const show = (content: { position: number; waiting: number }) =>
    writer.emit({
      type: "ACTIVITY_SNAPSHOT",
      threadId,
      runId,
      messageId: `${runId}:queue`,
      activityType: "queue",
      content,
      replace: true,
    });
  let waited = false;
  const { runs_at_once: runsAtOnce, queue } = pod.limits ?? {};
  const place = await run.provider.queue.enter({
    visitor: run.visitor,
    pod: run.podId,
    podLimits: {
      ...(runsAtOnce === undefined ? {} : { runsAtOnce }),
      ...(queue === undefined ? {} : { queue }),
    },
    signal: run.signal,
    onPlace: (at) => {
      waited = true;
      show(at);
    },
  });
  if (waited) show({ position: 0, waiting: run.provider.queue.waiting });
  return place;
}

function stopped(
  run: ChatRun,
  answer: AnswerText,
  remember: (status: StoredStatus) => void,
): ChatRunEnd {
  // the reason is one of ours: nobody else has the controller of this signal
  const reason = run.signal.reason as StopReason;
  const status = reason === "cancelled" ? "cancelled" : "cut";
  remember(status);
  switch (reason) {
    case "cancelled":
      run.writer.finish({ finishReason: "cancelled" });
      break;
    case "shutting_down":
      run.writer.fail("shutting_down", "The pod's Host is being stopped. Please come back later.");
      break;
    case "visitor_left":
      break; // nobody is there to tell
  }
  run.log.info(
    "chat.stopped",
    { conversation: shortId(run.conversationId), run: run.requestId, reason },
    `chat.stopped  conversation=${shortId(run.conversationId)}  ${reason.replace("_", " ")}`,
  );
  return { status, answer: answer.written };
}

function failureOf(error: unknown): { code: string; message: string; reason: string } {
  if (error instanceof ModelFailure) return error;
  if (error instanceof CodedError) {
    return { code: error.code, message: error.message, reason: error.message };
  }
  return {
    code: "chat_failed",
    message: "Something went wrong on the pod's Host. Please ask again.",
    reason: errorMessage(error),
  };
}

/** An id as logs show it: its first six characters, because the whole is the key to a history. */
export function shortId(id: string): string {
  return id.slice(0, 6);
}
