import assert from "node:assert/strict";
import { smallStyle } from "../../../src/assets/build/small_style.ts";

Deno.test("smallStyle() shortens our own custom properties, wherever they stand, the same way", () => {
  const small = smallStyle(".a{--border: red;border:1px solid var(--border)}");
  const [, name] = /\{(--[^:]+):red/.exec(small) ?? [];
  assert.ok(name !== undefined && name.length < "--border".length, small);
  assert.equal(small, `.a{${name}:red;border:1px solid var(${name})}`);
  assert.notEqual(smallStyle("var(--border)"), smallStyle("var(--bubble-border)"));
});

Deno.test("smallStyle() keeps the names that others set, and texts as they are", () => {
  for (
    const style of [
      "a{color:var(--gemmapod-border,var(--pod-accent,red))}",
      '.b:after{content:"a , b: --border"}',
      "a{width:calc(100vw - 2em);font:1em / 1.5 sans-serif}",
      ".a :is(.b,.c)>d{}",
    ]
  ) assert.equal(smallStyle(style), style);
});

Deno.test("smallStyle() leaves out spaces that say nothing", () => {
  assert.equal(
    smallStyle('@container (max-width: 30rem){a{--code-font: var( --x, "A , B", mono )}}'),
    '@container (max-width:30rem){a{--_6:var(--x,"A , B",mono)}}',
  );
});
