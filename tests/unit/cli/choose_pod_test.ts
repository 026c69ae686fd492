import assert from "node:assert/strict";
import { choose } from "../../../src/cli/choose_pod.ts";
import type { SavedPod } from "../../../src/cli/pod_library.ts";

const pods = ["shop", "card"].map((slug): SavedPod => ({
  name: `The ${slug}`,
  slug,
  dir: `/pods/${slug}`,
  provider: null,
  providerUrl: null,
  model: null,
  hasApiKey: false,
  addedAt: "2026-01-01T00:00:00.000Z",
  lastRunAt: null,
}));

Deno.test("choose: a number, a slug and a name choose; nothing and Ctrl-D choose none", () => {
  for (const [answer, wanted] of [["2", "card"], [" shop ", "shop"], ["The card", "card"]]) {
    assert.equal(choose(pods, () => answer ?? null)?.slug, wanted);
  }
  for (const answer of ["", null]) assert.equal(choose(pods, () => answer), undefined);
});

Deno.test("choose: asks again until it understands, and shows what there is", () => {
  const answers = ["0", "3", "1.5", "1"];
  const asked: string[] = [];
  const chosen = choose(pods, (question) => {
    asked.push(question);
    return answers.shift() ?? "";
  });
  assert.equal(chosen?.slug, "shop");
  assert.equal(asked.length, 4);
  assert.match(asked[0] ?? "", /1 {2}The shop {2}\/pods\/shop\n {2}2 {2}The card/);
});

Deno.test("choose: nobody is asked where nothing is saved", () => {
  assert.equal(choose([], () => assert.fail("was asked")), undefined);
});
