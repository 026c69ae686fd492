import assert from "node:assert/strict";
import { mayRefuseTools, modelFailure } from "../../../../src/host/model/model_failure.ts";

Deno.test("modelFailure: says what a visitor can act on, and nothing of the endpoint's own words", () => {
  const secret = "sk-12345 at http://user:pass@10.0.0.1:11434/v1";
  for (
    const [thrown, code] of [
      [Object.assign(new Error(secret), { statusCode: 401 }), "model_unavailable"],
      [Object.assign(new Error(secret), { statusCode: 404 }), "model_unavailable"],
      [Object.assign(new Error(secret), { statusCode: 503 }), "model_unavailable"],
      [Object.assign(new Error(secret), { statusCode: 422 }), "chat_failed"],
      [
        new TypeError(`error sending request for ${secret}: Connection refused`),
        "model_unavailable",
      ],
      [secret, "model_unavailable"],
      [undefined, "model_unavailable"],
    ] as const
  ) {
    const failure = modelFailure(thrown, "not_begun");
    assert.equal(failure.code, code);
    for (const text of [failure.message, failure.reason]) {
      assert.doesNotMatch(text, /sk-|10\.0|user/);
    }
  }
});

Deno.test("modelFailure: an answer that had begun broke off, whatever the reason", () => {
  const failure = modelFailure(new TypeError("error reading a body from connection"), "begun");
  assert.equal(failure.code, "chat_failed");
  assert.match(failure.message, /broke off/);
});

Deno.test("modelFailure: the log says why: refused, unknown name, no TLS, not OpenAI's format", () => {
  const reasons = [
    "tcp connect error: Connection refused (os error 111)",
    "dns error: failed to lookup address information",
    "invalid peer certificate: UnknownIssuer",
    "Type validation failed",
  ].map((message) =>
    modelFailure(new Error("x", { cause: new Error(message) }), "not_begun").reason
  );
  assert.deepEqual(reasons, [
    "connection refused",
    "the name of the endpoint cannot be resolved",
    "no TLS connection to the endpoint",
    "the endpoint does not speak the OpenAI format",
  ]);
});

Deno.test("mayRefuseTools: a 400, or any refusal that speaks of tools, but not of the length", () => {
  const may = (statusCode: number, responseBody: string) =>
    mayRefuseTools(
      modelFailure(Object.assign(new Error(), { statusCode, responseBody }), "not_begun"),
    );
  assert.equal(may(400, "registry/gemma:2b does not support tools"), true);
  assert.equal(may(400, ""), true);
  assert.equal(may(422, "unknown field"), true);
  assert.equal(may(500, "tools param requires --jinja flag"), true);
  assert.equal(may(404, "No endpoints found that support tool use"), true);
  assert.equal(may(400, "the prompt is longer than the context"), false);
  assert.equal(may(404, "model not found"), false);
  assert.equal(may(500, ""), false);
  assert.equal(mayRefuseTools(modelFailure(new Error("tools"), "not_begun")), false);
});
