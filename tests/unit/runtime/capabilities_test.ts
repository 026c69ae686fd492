import assert from "node:assert/strict";
import { createCapabilities } from "../../../src/runtime/capabilities.ts";

function registry() {
  return createCapabilities({
    granted: ["storage.local"],
    declared: [
      { name: "clipboard.write", required: true },
      { name: "payment.intent", risk: "high" },
      { name: "storage.local" },
    ],
    actions: { "clipboard.write": (input) => `copied ${input}` },
  });
}

Deno.test("capabilities are a set of names", () => {
  const capabilities = registry();
  capabilities.grant("ui.render");
  capabilities.grant("ui.render");
  assert.deepEqual(capabilities.list(), ["storage.local", "ui.render"]);
  capabilities.revoke("storage.local");
  assert.equal(capabilities.has("storage.local"), false);
});

Deno.test("request() asks once, and does what was allowed", async () => {
  const capabilities = registry();
  const asked: unknown[] = [];
  capabilities.onRequest = (request) => {
    asked.push(request);
    return true;
  };
  assert.equal(await capabilities.request("clipboard.write", "x"), "copied x");
  assert.equal(await capabilities.request("clipboard.write", "y"), "copied y");
  assert.deepEqual(asked, [
    { name: "clipboard.write", input: "x", risk: undefined, required: true },
  ]);
  assert.equal(await capabilities.request("storage.local"), true);
});

Deno.test("a high risk is asked about each time", async () => {
  const capabilities = registry();
  let asked = 0;
  capabilities.onRequest = () => ++asked > 0;
  await capabilities.request("payment.intent");
  await capabilities.request("payment.intent");
  assert.equal(asked, 2);
});

Deno.test("request() rejects what is not declared, not allowed, or nobody can be asked about", async () => {
  const capabilities = registry();
  await assert.rejects(capabilities.request("file.save"), { code: "capability_undeclared" });
  await assert.rejects(capabilities.request("clipboard.write"), { code: "capability_refused" });
  capabilities.onRequest = () => Promise.resolve(false);
  await assert.rejects(capabilities.request("clipboard.write"), { code: "capability_refused" });
  assert.equal(capabilities.has("clipboard.write"), false);
});
