import assert from "node:assert/strict";
import { Permissions } from "../../../../web/ui/permissions.ts";

function request(name: string): Parameters<Permissions["ask"]>[0] {
  return { name, input: undefined, risk: undefined, required: false };
}

Deno.test("permissions are asked for one after the other, in order", async () => {
  const permissions = new Permissions();
  let changes = 0;
  permissions.changes.subscribe(() => changes++);
  const answers = [permissions.ask(request("a")), permissions.ask(request("b"))];
  assert.equal(permissions.asked?.name, "a");
  permissions.answer(true);
  assert.equal(permissions.asked?.name, "b");
  permissions.answer(false);
  assert.equal(permissions.asked, undefined);
  assert.deepEqual(await Promise.all(answers), [true, false]);
  assert.equal(changes, 4);
});

Deno.test("an answer without a question is nothing", () => {
  const permissions = new Permissions();
  permissions.answer(true);
  assert.equal(permissions.asked, undefined);
});

Deno.test("what is still asked when nobody is there is refused", async () => {
  const permissions = new Permissions();
  const answers = [permissions.ask(request("a")), permissions.ask(request("b"))];
  permissions.dispose();
  assert.deepEqual(await Promise.all(answers), [false, false]);
});
