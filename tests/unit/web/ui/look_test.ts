import assert from "node:assert/strict";
import { lookOf } from "../../../../web/ui/look.ts";

const POD = { name: "Ada", transport: {} };

Deno.test("lookOf() shows the pod's name where it has no title, and nothing it did not ask for", () => {
  assert.deepEqual(lookOf(POD), {
    title: "Ada",
    persona: "",
    greeting: "",
    starters: [],
    launcher: false,
  });
});

Deno.test("lookOf() takes what the owner decided", () => {
  const look = lookOf({
    ...POD,
    persona: "Answers",
    ui: {
      title: "The Shop",
      greeting: "Hi",
      starters: Array.from({ length: 20 }, (_, i) => `${i}`),
      accent: "#0f766e",
      launcher: true,
    },
  });
  assert.equal(look.title, "The Shop");
  assert.equal(look.greeting, "Hi");
  assert.equal(look.starters.length, 8);
  assert.equal(look.accent?.surface, "rgb(15 118 110)");
  assert.ok(look.launcher);
});

Deno.test("lookOf() reads a launcher also from the mode, and launcher wins", () => {
  assert.ok(lookOf({ ...POD, ui: { mode: "launcher" } }).launcher);
  assert.ok(!lookOf({ ...POD, ui: { mode: "widget" } }).launcher);
  assert.ok(!lookOf({ ...POD, ui: { mode: "launcher", launcher: false } }).launcher);
});

Deno.test("lookOf() leaves an accent alone that is no colour", () => {
  assert.equal(lookOf({ ...POD, ui: { accent: "red;}" } }).accent, undefined);
});
