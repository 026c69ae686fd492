import assert from "node:assert/strict";
import {
  estimateTokens,
  fitContext,
  type ModelTurn,
} from "../../../../src/host/chat/fit_context.ts";

const user = (content: string): ModelTurn => ({ role: "user", content });
const assistant = (content: string): ModelTurn => ({ role: "assistant", content });
const system = "Be brief.";

/** A thread of `count` exchanges whose texts have `chars` characters. */
function thread(count: number, chars = 3): ModelTurn[] {
  return Array.from({ length: count }, (_, index) => [
    user(`q${index}`.padEnd(chars, ".")),
    assistant(`a${index}`.padEnd(chars, ".")),
  ]).flat();
}

Deno.test("fitContext: a thread that fits is given as it is", () => {
  const turns = [user("Hi"), assistant("Hello! "), user("Who are you?")];
  assert.deepEqual(fitContext(turns, { system }), turns);
});

Deno.test("fitContext: at most 80 messages, the newest, beginning with a question", () => {
  const turns = [...thread(100), user("now")];
  const fitted = fitContext(turns, { system, context: 100_000 });
  assert.ok(fitted.length <= 80 && fitted.length >= 79);
  assert.equal(fitted[0]?.role, "user");
  assert.deepEqual(fitted, turns.slice(-fitted.length));
});

Deno.test("fitContext: what does not fit the context is left out, the oldest first", () => {
  const turns = [...thread(10, 300), user("now")];
  const fitted = fitContext(turns, { system, context: 1_000 });
  const used = fitted.reduce((sum, { content }) => sum + estimateTokens(content), 0);
  assert.ok(used + estimateTokens(system) <= 750, `${used} tokens`);
  assert.ok(fitted.length >= 5 && fitted.length < turns.length);
  assert.deepEqual(fitted, turns.slice(-fitted.length));
});

Deno.test("fitContext: max_tokens leaves that much room for the answer, but never all of it", () => {
  const turns = [...thread(10, 300), user("now")];
  const little = fitContext(turns, { system, context: 1_000, maxOutputTokens: 50 });
  const much = fitContext(turns, { system, context: 1_000, maxOutputTokens: 100_000 });
  assert.ok(little.length > much.length);
  assert.ok(much.length > 1);
});

Deno.test("fitContext: what goes beside the thread, tools and their answers, takes its room", () => {
  const turns = [...thread(100), user("now")];
  const options = { system, context: 1_000 };
  const beside = "x".repeat(1_000);
  assert.ok(
    fitContext(turns, { ...options, beside }).length < fitContext(turns, options).length,
  );
});

Deno.test("fitContext: the question always stays, however long", () => {
  const question = user("x".repeat(100_000));
  assert.deepEqual(fitContext([...thread(3), question], { system, context: 256 }), [question]);
});

Deno.test("fitContext: two of one side in a row become one, answers that never came are left out", () => {
  assert.deepEqual(
    fitContext([user("a"), user("b"), assistant(""), user("c"), assistant("d"), user("e")], {
      system,
    }),
    [user("a\n\nb\n\nc"), assistant("d"), user("e")],
  );
});

Deno.test("estimateTokens: is not below what models count, for English, Chinese and emoji", () => {
  assert.ok(estimateTokens("The quick brown fox jumps over the lazy dog.") >= 10);
  assert.ok(estimateTokens("敏捷的棕色狐狸跳过了懒狗") >= 12);
  assert.ok(estimateTokens("👋🏽👋🏽") >= 4);
});
