import assert from "node:assert/strict";
import { applyJsonPatch } from "../../../../src/dartc/mod.ts";
import { createDemoModel } from "../../../../src/host/model/demo_model.ts";
import { demoOrder, takesOrders } from "../../../../src/host/model/demo_order.ts";
import type { CallOptions } from "../../../../src/host/model/language_model.ts";

/** What the page's state becomes, line after line, by the calls that the demo makes. */
function stateAfter(...asked: string[]): unknown {
  let state: unknown = {};
  asked.forEach((_, index) => {
    const lines = asked.slice(0, index + 1).map((content) => ({ role: "user" as const, content }));
    const change = JSON.parse(demoOrder(lines).change ?? "{}");
    if (change.snapshot !== undefined) state = change.snapshot;
    if (change.delta !== undefined) state = applyJsonPatch(state, change.delta);
  });
  return state;
}

Deno.test("an order begins as a snapshot, and what follows are patches of it", () => {
  assert.deepEqual(stateAfter("Two margheritas and a lemonade, please"), {
    cart: [
      { id: "margherita", name: "Margherita", price: 9.5, count: 2 },
      { id: "lemonade", name: "Lemonade", price: 3.5, count: 1 },
    ],
    total: 22.5,
    status: "open",
  });
  assert.deepEqual(
    stateAfter(
      "Two margheritas",
      "Is it far?",
      "And 3 tiramisu",
      "Take one margherita away",
      "Remove 3 tiramisu, and one more lemonade",
      "That is all, I would like to pay",
    ),
    {
      cart: [
        { id: "margherita", name: "Margherita", price: 9.5, count: 1 },
        { id: "lemonade", name: "Lemonade", price: 3.5, count: 1 },
      ],
      total: 13,
      status: "checkout",
    },
  );
});

Deno.test("what is no order gets the menu, and leaves the cart as it is", () => {
  const { change, text } = demoOrder([{ role: "user", content: "Hello, I want to pay" }]);
  assert.equal(change, undefined);
  assert.match(text, /Margherita, €9\.50/);
});

Deno.test("the demo takes orders only for a pod whose prompt speaks of a cart, by its tool", async () => {
  assert.ok(takesOrders("You take orders and maintain a cart."));
  assert.ok(!takesOrders("You are cartographic."));
  const ask = async (more: Partial<CallOptions>, steps: CallOptions["prompt"] = []) => {
    const { stream } = await createDemoModel(0).doStream({
      prompt: [
        { role: "system", content: "You maintain a cart." },
        { role: "user", content: [{ type: "text", text: "A margherita" }] },
        ...steps,
      ],
      ...more,
    });
    return await Array.fromAsync(stream);
  };
  const tools: CallOptions["tools"] = [{ type: "function", name: "set_state", inputSchema: {} }];
  const calls = await ask({ tools });
  assert.deepEqual(calls.map(({ type }) => type), [
    "stream-start",
    "tool-input-start",
    "tool-input-delta",
    "tool-input-end",
    "tool-call",
    "finish",
  ]);
  const text = (parts: Awaited<ReturnType<typeof ask>>) =>
    parts.map((part) => part.type === "text-delta" ? part.delta : "").join("");
  const answered = await ask({ tools }, [
    {
      role: "assistant",
      content: [{ type: "tool-call", toolCallId: "demo", toolName: "set_state", input: {} }],
    },
    {
      role: "tool",
      content: [{
        type: "tool-result",
        toolCallId: "demo",
        toolName: "set_state",
        output: { type: "text", value: "{}" },
      }],
    },
  ]);
  assert.match(text(answered), /^I am the demo .*1 × Margherita.*€9\.50/s);
  assert.doesNotMatch(text(await ask({})), /Margherita/);
});
