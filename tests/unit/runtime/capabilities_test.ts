import assert from "node:assert/strict";
import { Capabilities } from "../../../src/runtime/capabilities.ts";

function registry() {
  return new Capabilities({
    granted: ["storage.local"],
    context: { podId: "pod", config: { name: "Pod", transport: {} } },
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

Deno.test("what is done is what was asked about, whatever becomes of the caller's object", async () => {
  const done: unknown[] = [];
  const capabilities = new Capabilities({
    granted: [],
    context: { podId: "pod", config: { name: "Pod", transport: {} } },
    declared: [{ name: "x" }],
    actions: { x: (given) => void done.push(given) },
  });
  const input = { text: "shown" };
  capabilities.onRequest = () => {
    input.text = "changed";
    return true;
  };
  await capabilities.request("x", input);
  assert.deepEqual(done, [{ text: "shown" }]);
});

Deno.test("an input that is no JSON, or has no end, is refused before anybody is asked", async () => {
  const capabilities = registry();
  let asked = 0;
  capabilities.onRequest = () => ++asked > 0;
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  for (const input of [circle, () => {}, 1n, "x".repeat(5_000_001)]) {
    await assert.rejects(capabilities.request("clipboard.write", input), { code: "bad_input" });
  }
  assert.equal(asked, 0);
});

Deno.test("the same question is asked once at a time", async () => {
  const capabilities = registry();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let asked = 0;
  capabilities.onRequest = () => {
    asked++;
    return promise;
  };
  const both = [1, 2].map((input) => capabilities.request("clipboard.write", input));
  resolve(true);
  assert.deepEqual(await Promise.all(both), ["copied 1", "copied 2"]);
  assert.equal(asked, 1);
});

Deno.test("an action that fails says so by a code", async () => {
  const capabilities = new Capabilities({
    granted: ["x"],
    context: { podId: "pod", config: { name: "Pod", transport: {} } },
    declared: [{ name: "x" }],
    actions: {
      x: () => {
        throw new Error("no clipboard");
      },
    },
  });
  await assert.rejects(capabilities.request("x"), {
    code: "capability_failed",
    message: "no clipboard",
  });
});

Deno.test("network.fetch is asked about and granted host by host", async () => {
  const capabilities = new Capabilities({
    granted: [],
    context: { podId: "pod", config: { name: "Pod", transport: {} } },
    declared: [{ name: "network.fetch:api.example" }, { name: "network.fetch:b.example:8443" }],
    actions: {},
  });
  const asked: unknown[] = [];
  capabilities.onRequest = ({ name, input }) => {
    asked.push([name, input]);
    return true;
  };
  const to = (url: string) => capabilities.request("network.fetch", { url });
  await to("https://api.example/1");
  await to("https://API.example/2");
  assert.equal(asked.length, 1);
  await to("https://b.example:8443/");
  assert.equal(asked.length, 2);
  assert.deepEqual(capabilities.list(), [
    "network.fetch:api.example",
    "network.fetch:b.example:8443",
  ]);
  for (const url of ["https://b.example/", "https://api.example.evil/", "//api.example", "?"]) {
    await assert.rejects(to(url), { code: "capability_undeclared" }, url);
  }
});
