import assert from "node:assert/strict";
import { streamAnswer } from "../../../../src/host/model/answer.ts";
import { createDemoModel } from "../../../../src/host/model/demo_model.ts";
import { demoAnswer, type DemoLine } from "../../../../src/host/model/demo_script.ts";

const user = (content: string): DemoLine => ({ role: "user", content });
const assistant = (content: string): DemoLine => ({ role: "assistant", content });

Deno.test("the demo says in the first answer of each conversation that it is the demo, and not again", () => {
  for (const question of ["Hi", "What is a pod?", "Why is the sky blue?"]) {
    assert.match(demoAnswer([user(question)]), /^I am the demo .* not a language model/);
    const later = demoAnswer([user("Hi"), assistant("Hello!"), user(question)]);
    assert.doesNotMatch(later, /I am the demo/);
  }
});

Deno.test("the demo has an answer to each of the questions that it proposes", () => {
  assert.match(demoAnswer([user("What is a pod?")]), /single `\.html` file/);
  assert.match(demoAnswer([user("How does a message reach you?")]), /WebRTC/);
  assert.match(demoAnswer([user("Show me some Markdown.")]), /## Some Markdown/);
  assert.match(demoAnswer([user("What did I ask before?")]), /first question/);
});

Deno.test("the demo remembers what was asked", () => {
  const answer = demoAnswer([user("Is it blue?"), assistant("…"), user("What did I ask before?")]);
  assert.match(answer, /- Is it blue\?/);
});

Deno.test("the demo repeats no more than a part of a long question", () => {
  assert.ok(demoAnswer([assistant("…"), user("x".repeat(10_000))]).length < 1_000);
});

Deno.test("the demo streams word by word through the AI SDK, and stops when it is told", async () => {
  const pieces: string[] = [];
  const sink = {
    text: (delta: string) => void pieces.push(delta),
    reasoning: () => {},
    toolCall: () => {},
    toolArgs: () => {},
    toolEnd: () => {},
    writable: () => undefined,
  };
  const ask = (signal: AbortSignal) =>
    streamAnswer({
      model: createDemoModel(1),
      system: "",
      messages: [{ role: "user", content: "What is a pod?" }],
      sink,
      signal,
    });
  const end = await ask(new AbortController().signal);
  assert.equal(end.finishReason, "stop");
  assert.equal(pieces.join(""), demoAnswer([user("What is a pod?")]));
  assert.ok(pieces.length > 50, `${pieces.length} pieces`);

  const stop = new AbortController();
  pieces.length = 0;
  sink.text = (delta) => {
    pieces.push(delta);
    if (pieces.length === 3) stop.abort("enough");
  };
  await assert.rejects(ask(stop.signal), (reason) => reason === "enough");
  assert.ok(pieces.length < 10, `${pieces.length} pieces`);
});
