import assert from "node:assert/strict";
import { CLASSIC_HEAD, classicScript } from "../../../src/assets/build/classic_script.ts";

/** What a classic script of a module's code leaves as its global. */
function globalOf(module: string): unknown {
  const script = classicScript(`${CLASSIC_HEAD}\n${module}`);
  return new Function(`${script}; return GemmaPod;`)();
}

Deno.test("classicScript() keeps what a module exports in one global, and the rest to itself", () => {
  const found = globalOf("var a=1;function b(){return a}export{a as value,b as read,b};\n");
  assert.deepEqual(Object.keys(Object(found)), ["value", "read", "b"]);
  const { value, read } = found as { value: number; read(): number }; // as written above
  assert.deepEqual([value, read()], [1, 1]);
});

Deno.test("classicScript() of a module that exports nothing still runs it, and ends as one statement", () => {
  assert.equal(globalOf("let a=1;a.toFixed();"), undefined);
  assert.match(classicScript(`${CLASSIC_HEAD}let a=1`), /\}\)\(\);\n$/);
});

Deno.test("classicScript() takes no text for the exports", () => {
  const found = globalOf('var text="export{a as b};";export{text};');
  assert.deepEqual(found, { text: "export{a as b};" });
});
