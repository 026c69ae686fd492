import assert from "node:assert/strict";
import { Deadlines } from "../../../src/signal/http/deadlines.ts";

Deno.test("Deadlines tell once of what is over, and keep what is not", () => {
  const deadlines = new Deadlines<string>();
  deadlines.set("early", 10);
  deadlines.set("late", 30);
  deadlines.set("done", 10);
  deadlines.delete("done");
  assert.deepEqual([...deadlines.passed(9)], []);
  assert.deepEqual([...deadlines.passed(20)], ["early"]);
  assert.deepEqual([...deadlines.passed(20)], []);
  assert.deepEqual([...deadlines.keys()], ["late"]);
});
