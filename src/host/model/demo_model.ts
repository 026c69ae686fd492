import type { Model, StreamPart } from "./language_model.ts";
import { demoAnswer, type DemoLine } from "./demo_script.ts";

type CallOptions = Parameters<Model["doStream"]>[0];

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
    doStream: (options) =>
      Promise.resolve({
        stream: wordsOf(demoAnswer(linesOf(options)), wordMs, options.abortSignal),
      }),
    doGenerate: (options) => {
      const text = demoAnswer(linesOf(options));
      return Promise.resolve({
        content: [{ type: "text", text }],
        ...endOf(text),
        warnings: [],
      });
    },
  };
  return model;
}

function linesOf({ prompt }: CallOptions): DemoLine[] {
  return prompt.flatMap(({ role, content }): DemoLine[] => {
    if (role !== "user" && role !== "assistant") return [];
    const text = content.map((part) => part.type === "text" ? part.text : "").join("");
    return [{ role, content: text }];
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
