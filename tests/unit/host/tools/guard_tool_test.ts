import assert from "node:assert/strict";
import type { Tool } from "ai";
import { z } from "zod";
import { CodedError } from "../../../../src/base/mod.ts";
import { guardTool, MAX_RESULT_CHARS } from "../../../../src/host/tools/guard_tool.ts";
import type { ToolReport } from "../../../../src/host/tools/tool_report.ts";

type Execute = (input: unknown, options: { abortSignal?: AbortSignal }) => unknown;

/** Calls a guarded tool that does `execute`. */
async function call(
  execute: Execute,
  options: { timeLimitMs?: number; abortSignal?: AbortSignal } = {},
) {
  const reports: ToolReport[] = [];
  const { timeLimitMs = 10_000, ...given } = options;
  const tool = { inputSchema: z.object({}), execute } as Tool;
  const guarded = guardTool("probe", tool, { timeLimitMs, onReport: (one) => reports.push(one) });
  let result: unknown;
  let error: unknown;
  try {
    result = await guarded.execute?.({ a: 1 }, { toolCallId: "call-1", messages: [], ...given });
  } catch (thrown) {
    error = thrown;
  }
  const [report] = reports;
  assert.ok(report !== undefined && reports.length === 1);
  return { result, error, report };
}

Deno.test("guardTool: a result is reported by its sizes and its time, not by what it says", async () => {
  const { result, report } = await call(() => Promise.resolve({ answer: "42" }));
  assert.deepEqual(result, { answer: "42" });
  const { durationMs, ...rest } = report;
  assert.ok(durationMs >= 0);
  assert.deepEqual(rest, {
    name: "probe",
    toolCallId: "call-1",
    outcome: "ok",
    argumentBytes: 7,
    resultBytes: 15,
  });
});

Deno.test("guardTool: a tool that takes too long is given up, and its signal is aborted", async () => {
  let signal: AbortSignal | undefined;
  const { error, report } = await call((_, { abortSignal }) => {
    signal = abortSignal;
    return new Promise(() => {}); // listens to nobody
  }, { timeLimitMs: 20 });
  assert.equal((error as CodedError).code, "timed_out");
  assert.equal(report.outcome, "timed_out");
  assert.equal(signal?.aborted, true);
});

Deno.test("guardTool: a run that is stopped stops its tools", async () => {
  const abort = new AbortController();
  const { error, report } = await call((_, { abortSignal }) => {
    abort.abort("cancelled");
    assert.equal(abortSignal?.aborted, true);
    return new Promise(() => {});
  }, { abortSignal: abort.signal });
  assert.equal(error, "cancelled");
  assert.equal(report.outcome, "cancelled");
});

Deno.test("guardTool: a run that was stopped before calls nothing", async () => {
  let called = false;
  const { error } = await call(() => called = true, { abortSignal: AbortSignal.abort("gone") });
  assert.equal(error, "gone");
  assert.equal(called, false);
});

Deno.test("guardTool: a model hears what a tool says on purpose, and no path or address else", async () => {
  const told = async (thrown: unknown) => {
    const { error, report } = await call(() => {
      throw thrown;
    });
    assert.equal(report.outcome, "failed");
    return [(error as CodedError).message, report.reason];
  };
  assert.deepEqual(await told(new Error("no such city\nat secret")), [
    "no such city",
    "no such city\nat secret",
  ]);
  assert.deepEqual((await told(new CodedError("bad", "a rule")))[0], "a rule");
  for (
    const thrown of [
      new Deno.errors.NotFound("No such file (os error 2): open '/home/owner/secret.json'"),
      new TypeError("error sending request for url (http://api.example/?key=sk-123)"),
      Object.assign(new Error("connect /run/secret.sock"), { code: "ECONNREFUSED" }),
      "a string",
      undefined,
    ]
  ) {
    assert.equal((await told(thrown))[0], "The tool probe failed.");
  }
});

Deno.test("guardTool: results are plain JSON of bounded size", async () => {
  assert.equal((await call(() => undefined)).result, null);
  assert.deepEqual((await call(() => ({ at: new Date(0), none: undefined }))).result, {
    at: "1970-01-01T00:00:00.000Z",
  });
  const { result } = await call(() => ({ text: "x".repeat(MAX_RESULT_CHARS * 2) }));
  assert.ok(typeof result === "string" && result.endsWith("… (cut)"));
  assert.ok(result.length < MAX_RESULT_CHARS + 20);
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  assert.equal((await call(() => loop)).report.outcome, "failed");
});

Deno.test("guardTool: of values that follow each other the last one counts", async () => {
  const { result } = await call(async function* () {
    yield "half";
    yield await Promise.resolve("whole");
  });
  assert.equal(result, "whole");
});
