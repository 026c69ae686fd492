import assert from "node:assert/strict";
import { toolNamesIn } from "../../../src/pack/tool_names.ts";

Deno.test("toolNamesIn() finds the members of what is exported by default", () => {
  const cases: [string, string[]][] = [
    ["export default { a: tool({ b: 1 }), c, 'd-e': 2, \"f\": [1, 2] };", ["a", "c", "d-e", "f"]],
    ["export default { async a() {}, b(x, y) { return { z: 1 } }, };", ["a", "b"]],
    ["const tools = { a: 1 };\nexport default tools;", ["a"]],
    ["const tools: Record<string, Tool> = { a: 1 };\nexport default tools;", ["a"]],
    ["const t = { a: 1 };\nexport { t as default };", ["a"]],
    ["export default { a: 1 } satisfies Tools;", ["a"]],
    ["// export default { no: 1 }\n/* } */ export default { a: '}', b: `}${1}`, c: /[}/]}/ };", [
      "a",
      "b",
      "c",
    ]],
    ["export default {};", []],
  ];
  for (const [text, names] of cases) {
    assert.deepEqual(toolNamesIn(text), { names, isComplete: true }, text);
  }
});

Deno.test("toolNamesIn() says where there may be others, and where it cannot tell", () => {
  assert.deepEqual(toolNamesIn("export default { a, ...more };"), {
    names: ["a"],
    isComplete: false,
  });
  assert.deepEqual(toolNamesIn("export default { [name]: 1 };"), { names: [], isComplete: false });
  for (const text of ["", "export const a = 1;", "export default make();", "export default {"]) {
    assert.equal(toolNamesIn(text), undefined, text);
  }
});
