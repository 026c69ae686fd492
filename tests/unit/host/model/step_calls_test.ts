import assert from "node:assert/strict";
import { ModelFailure } from "../../../../src/host/model/model_failure.ts";
import { StepCalls } from "../../../../src/host/model/step_calls.ts";

function started(taken = new Set<string>()) {
  const told: string[] = [];
  const calls = new StepCalls({
    toolCall: (id, name) => told.push(`start ${id} ${name}`),
    toolArgs: (id, delta) => told.push(`args ${id} ${delta}`),
    toolEnd: (id) => told.push(`end ${id}`),
  }, taken);
  return { calls, told };
}

Deno.test("StepCalls: a call that streams is passed on in pieces, and kept whole", () => {
  const { calls, told } = started();
  calls.start("a", "add");
  calls.args("a", '{"n"');
  calls.args("a", "");
  calls.args("a", ":1}");
  calls.call("a", "add", '{"n":1}', {});
  assert.deepEqual(told, ["start a add", 'args a {"n"', "args a :1}", "end a"]);
  assert.deepEqual(calls.whole, [{ toolCallId: "a", toolName: "add", input: '{"n":1}' }]);
});

Deno.test("StepCalls: a call that comes at once is shown as if it had streamed", () => {
  const { calls, told } = started();
  calls.call("a", "add", "{}", {});
  assert.deepEqual(told, ["start a add", "args a {}", "end a"]);
});

Deno.test("StepCalls: an id that its run has seen gets a number", () => {
  const taken = new Set(["a"]);
  const { calls } = started(taken);
  calls.call("a", "add", "{}", {});
  calls.call("a", "add", "{}", {});
  assert.deepEqual(calls.whole.map(({ toolCallId }) => toolCallId), ["a-2", "a-3"]);
  assert.deepEqual([...taken], ["a", "a-2", "a-3"]);
});

Deno.test("StepCalls: more calls, or arguments, than anybody needs end the answer", () => {
  const many = started().calls;
  assert.throws(() => {
    for (let i = 0; i < 100; i++) many.call(`${i}`, "add", "{}", {});
  }, ModelFailure);
  const long = started().calls;
  long.start("a", "add");
  assert.throws(() => {
    for (let i = 0; i < 100; i++) long.args("a", "x".repeat(1_024));
  }, ModelFailure);
  const { calls, told } = started();
  calls.start("i".repeat(10_000), "n".repeat(10_000));
  assert.ok((told[0]?.length ?? Infinity) < 300);
});
