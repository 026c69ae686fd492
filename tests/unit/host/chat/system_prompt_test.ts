import assert from "node:assert/strict";
import { buildSystemPrompt } from "../../../../src/host/chat/system_prompt.ts";

Deno.test("buildSystemPrompt: a verified manifest's prompt wins over that of pod.toml", () => {
  const pod = { system_prompt: "of the pod" };
  assert.equal(buildSystemPrompt(pod), "of the pod");
  assert.equal(buildSystemPrompt(pod, { system_prompt: "of the manifest" }), "of the manifest");
});
