import {
  type AnswerEnd,
  type AnswerRequest,
  type PromptMessage,
  type StepEnd,
  streamAnswer,
} from "../model/answer.ts";
import { mayRefuseTools, ModelFailure } from "../model/model_failure.ts";
import type { Provider } from "../model/provider.ts";
import type { ModelToolCall } from "../model/step_calls.ts";
import type { OfferedTools, ToolAnswer } from "../tools/offered_tools.ts";
import type { AnswerText } from "./answer_text.ts";
import { DEFAULT_CONTEXT, fitContext, type ModelTurn } from "./fit_context.ts";

/** What {@linkcode answerInSteps} asks. */
export interface StepsRequest {
  readonly provider: Provider;
  /** The model's name. */
  readonly model: string;
  readonly system: string;
  /** The whole thread; what of it fits, this decides. */
  readonly thread: readonly ModelTurn[];
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
  /** Tokens. */
  readonly context?: number;
  readonly tools: OfferedTools;
  readonly sink: AnswerText;
  readonly signal: AbortSignal;
  /** A call is whole, and is made. */
  onToolCall(call: ModelToolCall): void;
  /** It was answered. */
  onToolAnswer(call: ModelToolCall, answer: ToolAnswer): void;
}

/**
 * How often a model is asked for one answer (host.md, "Tools"). The last time it is offered no
 * tools, so that it has to say something.
 */
export const MAX_STEPS = 5;

/**
 * How many characters of the results of one step a model reads for each token of its context: about
 * a quarter of it. An endpoint that is sent more than fits leaves the beginning out, which is the
 * system prompt (pitfalls.md, Ollama).
 */
const RESULT_CHARS_PER_CONTEXT_TOKEN = 0.75;

/**
 * Streams an answer, and calls the tools that the model asks for on the way: each step is one
 * question to the model, with what its tools answered so far. The AI SDK's own loop would keep every
 * piece of a stream until its end (see `streamAnswer`).
 *
 * A model that refuses a question for its tools is asked again without them, and from then on.
 *
 * Rejects with {@linkcode ModelFailure}; when `signal` is aborted, with its reason.
 */
export async function answerInSteps(request: StepsRequest): Promise<AnswerEnd> {
  const { provider, model, tools, sink } = request;
  let functions = provider.takesTools(model) ? tools.functions : [];
  const callIds = new Set<string>();
  const steps: PromptMessage[] = [];
  let usage: AnswerEnd["usage"] = {};

  for (let step = 1;; step++) {
    const before = sink.written.length;
    const asked = { ...request, callIds, steps };
    let end: StepEnd;
    try {
      end = await ask({ ...asked, functions: step < MAX_STEPS ? functions : [] });
    } catch (error) {
      const forTools = error instanceof ModelFailure && step === 1 && functions.length > 0 &&
        mayRefuseTools(error);
      if (!forTools) throw error;
      functions = [];
      end = await ask({ ...asked, functions });
      provider.noteToolless(model, error.reason);
    }
    usage = sum(usage, end.usage);
    if (end.toolCalls.length === 0) {
      if (step === MAX_STEPS && sink.written === "") throw noAnswer();
      return { finishReason: end.finishReason, usage };
    }
    const answers = await Promise.all(end.toolCalls.map((call) => answerTo(call, request)));
    steps.push(
      { role: "assistant", content: saidBy(end, sink.written.slice(before).trim()) },
      { role: "tool", content: resultsOf(answers, request.context) },
    );
    sink.nextStep();
  }
}

function ask(
  request: StepsRequest & Required<Pick<AnswerRequest, "callIds" | "steps">> & {
    readonly functions: OfferedTools["functions"];
  },
): Promise<StepEnd> {
  const { provider, model, system, functions, steps, callIds, sink, signal } = request;
  const { temperature, maxOutputTokens, context } = request;
  const beside = functions.length + steps.length === 0 ? "" : JSON.stringify([functions, steps]);
  return streamAnswer({
    model: provider.model(model),
    system,
    messages: fitContext(request.thread, {
      system,
      beside,
      ...(context === undefined ? {} : { context }),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    }),
    steps,
    tools: [...functions],
    callIds,
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(provider.patience === undefined ? {} : { patience: provider.patience }),
    sink,
    signal,
  });
}

/** A call with what came of it. */
interface Answered {
  readonly call: ModelToolCall;
  readonly answer: ToolAnswer;
}

async function answerTo(call: ModelToolCall, request: StepsRequest): Promise<Answered> {
  request.onToolCall(call);
  const answer = await request.tools.call(call, request.signal);
  request.onToolAnswer(call, answer);
  return { call, answer };
}

type AssistantContent = Extract<PromptMessage, { role: "assistant" }>["content"];
type ToolContent = Extract<PromptMessage, { role: "tool" }>["content"];

/** A step as the model said it: what it thought, what it said, what it called. */
function saidBy({ reasoning, toolCalls }: StepEnd, text: string): AssistantContent {
  return [
    ...(reasoning === "" ? [] : [{ type: "reasoning" as const, text: reasoning }]),
    ...(text === "" ? [] : [{ type: "text" as const, text }]),
    ...toolCalls.map(({ toolCallId, toolName, input, providerOptions }) => ({
      type: "tool-call" as const,
      toolCallId,
      toolName,
      input: jsonOr(input, {}),
      ...(providerOptions === undefined ? {} : { providerOptions }),
    })),
  ];
}

/** What the tools of a step answered; the visitor has seen the whole of it. */
function resultsOf(answers: readonly Answered[], context = DEFAULT_CONTEXT): ToolContent {
  const most = Math.ceil(context * RESULT_CHARS_PER_CONTEXT_TOKEN / answers.length);
  return answers.map(({ call: { toolCallId, toolName }, answer: { isError, content } }) => ({
    type: "tool-result",
    toolCallId,
    toolName,
    output: {
      type: isError ? "error-text" : "text",
      value: content.length <= most ? content : `${content.slice(0, most)}… (cut)`,
    },
  }));
}

/** What a JSON text holds, or something else where it is none. */
export function jsonOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

function sum(a: AnswerEnd["usage"], b: AnswerEnd["usage"]): AnswerEnd["usage"] {
  const keys = ["inputTokens", "outputTokens", "totalTokens"] as const;
  return Object.fromEntries(
    keys.filter((key) => a[key] !== undefined || b[key] !== undefined)
      .map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0)]),
  );
}

function noAnswer(): ModelFailure {
  return new ModelFailure(
    "chat_failed",
    "The model kept calling its tools and gave no answer. Please ask again.",
    `no answer in ${MAX_STEPS} steps`,
  );
}
