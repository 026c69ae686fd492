import assert from "node:assert/strict";
import { fc } from "../../libraries/fast_check.ts";
import { parseToml } from "../../../src/base/mod.ts";
import { tomlLines, type TomlPath } from "../../../src/pod/toml_lines.ts";

const RUNS = Number(Deno.env.get("FUZZ_RUNS") ?? 300);

const DOCUMENT = `# a comment with name = "no"
name = "x" # and = one

"quoted key" = 1
'literal.key' = 2
dotted . "k\\u0065y" = 3
text = """
not = "a key"
[not.a.table]
\\""" still inside
"""
raw = '''
[[nor]]
'''''
list = [
  "one", # ]
  { inline = 1, deep = { er = [1, 2] } },
  [ 2,
    3 ],
]

[table]
key = 1979-05-27 07:32:00
[table.sub]
key = 2
[[array]]
[[array]]
name = "b"
[array.inner]
deep = 1
[[array.nested]]
[[array.nested]]
name = "c"
[ "spaced" . header ] # yes
key = 5
`;

const LINES: [TomlPath, number][] = [
  [["name"], 2],
  [["quoted key"], 4],
  [["literal.key"], 5],
  [["dotted"], 6],
  [["dotted", "key"], 6],
  [["text"], 7],
  [["raw"], 12],
  [["list"], 15],
  [["list", 0], 16],
  [["list", 1], 17],
  [["list", 1, "inline"], 17],
  [["list", 1, "deep", "er", 1], 17],
  [["list", 2], 18],
  [["list", 2, 1], 19],
  [["table"], 22],
  [["table", "key"], 23],
  [["table", "sub", "key"], 25],
  [["array"], 26],
  [["array", 0], 26],
  [["array", 1], 27],
  [["array", 1, "name"], 28],
  [["array", 1, "inner", "deep"], 30],
  [["array", 1, "nested", 1, "name"], 33],
  [["spaced", "header", "key"], 35],
];

Deno.test("tomlLines() finds the line of every kind of key", () => {
  parseToml(DOCUMENT); // it is TOML
  const lines = tomlLines(DOCUMENT);
  for (const [path, line] of LINES) assert.equal(lines.lineOf(path), line, JSON.stringify(path));
});

Deno.test("tomlLines() counts the same lines where they end as on Windows", () => {
  const document = DOCUMENT.replaceAll("\n", "\r\n");
  parseToml(document);
  const lines = tomlLines(document);
  for (const [path, line] of LINES) assert.equal(lines.lineOf(path), line, JSON.stringify(path));
});

Deno.test("tomlLines() falls back to the line of the table around a key that is missing", () => {
  const lines = tomlLines(DOCUMENT);
  assert.equal(lines.lineOf(["array", 1, "missing"]), 27);
  assert.equal(lines.lineOf(["table", "sub", "missing", "more"]), 24);
  assert.equal(lines.lineOf(["missing"]), 1);
  assert.equal(lines.lineOf([]), 1);
});

/** A value, and the text of it over one or more lines. */
const value: fc.Arbitrary<string> = fc.letrec<{ value: string; list: string; table: string }>(
  (tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom("1", "-2.5", "true", '"a = b # c"', "'[x]'", "1979-05-27", '"\\""'),
      fc.constantFrom('"""\nx = 1\n[y]\n"""', "'''\n\n#'''", '"""a"" b"""'),
      tie("list"),
      tie("table"),
    ),
    list: fc.array(tie("value"), { maxLength: 3 }).map((items) => `[\n${items.join(", #,\n")}\n]`),
    table: fc.array(tie("value"), { maxLength: 3 }).map((items) =>
      `{ ${items.map((item, index) => `k${index} = ${item}`).join(", ")} }`
    ),
  }),
).value;

const statement = fc.oneof(
  value.map((text) => ({ header: "", text })),
  fc.constantFrom("[t#]", "[[a#]]", '["q#" . "d#"]', "[ t#.'x' ]").map((header) => ({
    header,
    text: "",
  })),
);

Deno.test("tomlLines() finds every key of any document, where it was written", () => {
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 12 }), (statements) => {
      let document = "";
      let table: TomlPath = [];
      const expected: [TomlPath, number][] = [];
      statements.forEach(({ header, text }, index) => {
        document += index % 2 === 0 ? "\n" : "# [no]\n";
        const line = document.split("\n").length;
        if (header === "") {
          document += `key${index} = ${text} # end\n`;
          expected.push([[...table, `key${index}`], line]);
        } else {
          document += `${header.replaceAll("#", String(index))}\n`;
          table = tableOf(header, index);
          expected.push([table, line]);
        }
      });
      parseToml(document);
      const lines = tomlLines(document);
      for (const [path, line] of expected) {
        assert.equal(lines.lineOf(path), line, `${JSON.stringify(path)} in\n${document}`);
      }
    }),
    { numRuns: RUNS },
  );
});

function tableOf(header: string, index: number): TomlPath {
  if (header.startsWith("[[")) return [`a${index}`, 0];
  if (header.startsWith("[t")) return [`t${index}`];
  return header.includes("q") ? [`q${index}`, `d${index}`] : [`t${index}`, "x"];
}

Deno.test("tomlLines() takes any text, TOML or not, without throwing", () => {
  const bits = [
    '"',
    "'",
    '"""',
    "[",
    "[[",
    "]",
    "{",
    "}",
    "=",
    ".",
    ",",
    "\n",
    "\\",
    "#",
    "a",
    " ",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...bits), { maxLength: 40 }), (parts) => {
      assert.equal(typeof tomlLines(parts.join("")).lineOf(["a", 0, "b"]), "number");
    }),
    { numRuns: RUNS },
  );
});

Deno.test("tomlLines() takes a large document in little time", () => {
  const started = performance.now();
  for (const text of ["[", "{a=", "a.", '"', "[[a]]\n", "a=1\n", '"""', "[{a="]) {
    tomlLines(text.repeat(Math.floor(200_000 / text.length)));
  }
  assert(performance.now() - started < 10_000);
});
