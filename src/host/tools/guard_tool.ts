import type { Tool, ToolExecutionOptions } from "ai";
import { utf8Encode } from "../../base/mod.ts";
import { ToolFailure, toolFailure } from "./tool_failure.ts";
import type { ToolOutcome, ToolReport } from "./tool_report.ts";

/** How long a tool may take, in milliseconds: a visitor waits for it. */
export const TOOL_TIME_LIMIT_MS = 30_000;

/**
 * The most characters of a result that a model is given: about 4,000 tokens, the whole context of a
 * small model.
 */
export const MAX_RESULT_CHARS = 12_000;

/** Options of {@linkcode guardTool}. */
export interface GuardOptions {
  /** @default TOOL_TIME_LIMIT_MS */
  readonly timeLimitMs?: number;
  /** Told of each call when it is over. */
  readonly onReport?: (report: ToolReport) => void;
}

type Execute = (input: unknown, options: ToolExecutionOptions) => unknown;

/**
 * The same tool within limits: it is called with a signal that is aborted when its time is up, its
 * result is plain JSON of bounded size, what it throws is a {@linkcode ToolFailure} that a model may
 * read, and each call is reported.
 */
export function guardTool(name: string, tool: Tool, options: GuardOptions = {}): Tool {
  const { timeLimitMs = TOOL_TIME_LIMIT_MS, onReport = () => {} } = options;
  // The type of `execute` depends on that of the schema, which nobody knows of a tool in a list.
  const execute = tool.execute as Execute | undefined;
  if (execute === undefined) return tool;

  const guarded = async (input: unknown, given: ToolExecutionOptions): Promise<unknown> => {
    const begun = performance.now();
    const report = (outcome: ToolOutcome, result: unknown, reason?: string) =>
      onReport({
        name,
        toolCallId: given.toolCallId,
        outcome,
        argumentBytes: jsonBytes(input),
        resultBytes: jsonBytes(result),
        durationMs: performance.now() - begun,
        ...(reason === undefined ? {} : { reason }),
      });
    try {
      const result = bounded(await inTime(name, execute, input, given, timeLimitMs));
      report("ok", result);
      return result;
    } catch (thrown) {
      if (given.abortSignal?.aborted) {
        report("cancelled", undefined);
        throw thrown;
      }
      const failure = toolFailure(name, thrown);
      const { code, message, reason } = failure;
      report(code, message, reason);
      throw failure;
    }
  };
  return { ...tool, execute: guarded } as Tool; // the same tool but for its `execute`
}

function inTime(
  name: string,
  execute: Execute,
  input: unknown,
  given: ToolExecutionOptions,
  timeLimitMs: number,
): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  // Linked by hand: Deno collects what `AbortSignal.any` gives before it fires (deno#29075).
  const stop = new AbortController();
  const end = (reason: unknown) => {
    stop.abort(reason);
    reject(reason); // whether or not the tool listens to its signal
  };
  const outer = given.abortSignal;
  const onAbort = () => end(outer?.reason);
  outer?.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => {
    const seconds = timeLimitMs / 1_000;
    end(new ToolFailure("timed_out", `The tool ${name} took longer than ${seconds} s.`));
  }, timeLimitMs);
  if (outer?.aborted) onAbort();
  else lastOf(() => execute(input, { ...given, abortSignal: stop.signal })).then(resolve, reject);
  return promise.finally(() => {
    clearTimeout(timer);
    outer?.removeEventListener("abort", onAbort);
  });
}

/** A tool gives a value, a promise of one, or values that each replace the one before (AI SDK). */
async function lastOf(call: () => unknown): Promise<unknown> {
  const given = await call();
  if (!isAsyncIterable(given)) return given;
  let last: unknown;
  for await (const value of given) last = value;
  return last;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** A result as JSON has it; one that is too large becomes a text that ends in the middle. */
function bounded(result: unknown): unknown {
  if (typeof result === "string") return cut(result);
  const text = JSON.stringify(result) ?? "null"; // a function, or nothing at all
  return text.length <= MAX_RESULT_CHARS ? JSON.parse(text) : cut(text);
}

function cut(text: string): string {
  return text.length <= MAX_RESULT_CHARS ? text : `${text.slice(0, MAX_RESULT_CHARS)}… (cut)`;
}

function jsonBytes(value: unknown): number {
  return value === undefined ? 0 : utf8Encode(JSON.stringify(value) ?? "").length;
}
