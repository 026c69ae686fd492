import { demoOrder, takesOrders } from "./demo_order.ts";
import { demoAnswer, type DemoLine, introduced } from "./demo_script.ts";
import type { CallOptions, Model, StreamPart } from "./language_model.ts";

/** The name under which `--provider demo` shows its model. */
export const DEMO_MODEL = "demo";

/** Milliseconds a word: 25 words a second, at which people can read along. */
const WORD_MS = 40;

/**
 * The model of `--provider demo`: scripted answers at a readable pace, for a first try with nothing
 * installed.
 *
 * @param wordMs milliseconds between two words
 */
export function createDemoModel(wordMs: number = WORD_MS): Model {
  const model: Model = {
    specificationVersion: "v3",
    provider: "demo",
    modelId: DEMO_MODEL,
    supportedUrls: {},
    doStream: (options) => {
      const { change, text } = replyTo(options);
      return Promise.resolve({
        stream: change === undefined
          ? wordsOf(text, wordMs, options.abortSignal)
          : ReadableStream.from(callOf(change)),
      });
    },
    doGenerate: (options) => {
      const { text } = replyTo(options);
      return Promise.resolve({
        content: [{ type: "text", text }],
        ...endOf(text),
        warnings: [],
      });
    },
  };
  return model;
}

/** What the demo says, or the arguments with which it first calls {@linkcode ORDER_TOOL}. */
function replyTo(options: CallOptions): { text: string; change?: string } {
  const { prompt, tools = [] } = options;
  const lines = linesOf(options);
  const [first] = prompt;
  const waits = first?.role === "system" && takesOrders(first.content) &&
    tools.some(({ name }) => name === ORDER_TOOL);
  if (!waits) return { text: demoAnswer(lines) };
  const { change, text } = demoOrder(lines);
  const called = change === undefined || prompt.at(-1)?.role === "tool";
  return { text: introduced(text, lines), ...(called ? {} : { change }) };
}

/** The tool by which a model changes what the page shows. */
const ORDER_TOOL = "set_state";

function callOf(input: string): StreamPart[] {
  const id = "demo";
  return [
    { type: "stream-start", warnings: [] },
    { type: "tool-input-start", id, toolName: ORDER_TOOL },
    { type: "tool-input-delta", id, delta: input },
    { type: "tool-input-end", id },
    { type: "tool-call", toolCallId: id, toolName: ORDER_TOOL, input },
    {
      type: "finish",
      ...endOf(""),
      finishReason: { unified: "tool-calls", raw: "tool_calls" },
    },
  ];
}

function linesOf({ prompt }: CallOptions): DemoLine[] {
  return prompt.flatMap(({ role, content }): DemoLine[] => {
    if (role !== "user" && role !== "assistant") return [];
    const text = content.map((part) => part.type === "text" ? part.text : "").join("");
    return text === "" ? [] : [{ role, content: text }]; // a message may be a call alone
  });
}

function wordsOf(text: string, wordMs: number, signal?: AbortSignal): ReadableStream<StreamPart> {
  const words = text.match(/\s*\S+\s*/g) ?? [];
  const id = "demo";
  const start = performance.now();
  let next = 0;
  return new ReadableStream<StreamPart>({
    start(controller) {
      controller.enqueue({ type: "stream-start", warnings: [] });
      controller.enqueue({ type: "text-start", id });
    },
    async pull(controller) {
      const word = words[next];
      if (word === undefined) {
        controller.enqueue({ type: "text-end", id });
        controller.enqueue({ type: "finish", ...endOf(text) });
        return controller.close();
      }
      await wait(start + next * wordMs - performance.now(), signal);
      if (signal?.aborted) return controller.error(signal.reason);
      next++;
      controller.enqueue({ type: "text-delta", id, delta: word });
    },
  });
}

function endOf(
  text: string,
): Pick<Extract<StreamPart, { type: "finish" }>, "finishReason" | "usage"> {
  const words = text.split(/\s+/).length;
  return {
    finishReason: { unified: "stop", raw: "stop" },
    usage: {
      inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: words, text: words, reasoning: 0 },
    },
  };
}

function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, ms));
    signal?.addEventListener("abort", done);
    if (signal?.aborted) done();
  });
}
