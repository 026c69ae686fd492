import assert from "node:assert/strict";
import { AnswerText } from "../../../../src/host/chat/answer_text.ts";

/** The text that a visitor gets, which must be what is kept. */
function said(write: (answer: AnswerText) => void): string {
  let shown = "";
  const answer = new AnswerText({
    text: (delta) => void (shown += delta),
    reasoning: () => {},
    toolCall: () => {},
    toolArgs: () => {},
    toolEnd: () => {},
    writable: () => undefined,
  });
  write(answer);
  assert.equal(answer.written, shown);
  return shown;
}

Deno.test("AnswerText: what is said after tools had answered is a paragraph of its own", () => {
  const inSteps = (...steps: string[]) =>
    said((answer) =>
      steps.forEach((step, index) => {
        if (index > 0) answer.nextStep();
        if (step !== "") answer.text(step);
      })
    );
  assert.equal(inSteps("Let me look.", "It is 22."), "Let me look.\n\nIt is 22.");
  assert.equal(inSteps("", "It is 22."), "It is 22.");
  assert.equal(inSteps("One\n", "Two"), "One\nTwo");
  assert.equal(inSteps("One", " two"), "One two");
  assert.equal(inSteps("One", "", "Two"), "One\n\nTwo");
});

Deno.test("AnswerText: reasoning is passed on and not kept", () => {
  assert.equal(said((answer) => answer.reasoning("Hm.")), "");
});
