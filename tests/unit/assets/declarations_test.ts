import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { declarationsOf } from "../../../src/assets/build/declarations.ts";
import { namedSources } from "../../../src/assets/build/named_sources.ts";
import { ROOT_DIR } from "../../../src/assets/native.ts";

/** The declarations of an entry of some modules, without what only the global needs. */
async function declared(
  modules: Readonly<Record<string, string>>,
  values: readonly string[],
): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-declarations-" });
  try {
    for (const [name, text] of Object.entries(modules)) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    const entry = relative(ROOT_DIR, join(folder, "entry.ts"));
    return await declarationsOf(entry, { values, globalName: "Pod" });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("declarations are one file: what is exported, what that is made of, and no more", async () => {
  const text = await declared({
    "entry.ts": `import { type Inner, secret } from "./inner.ts";
/** Does it (seed 003, section 4). */
export function run(inner: Inner): Promise<void> { return Promise.resolve(void [inner, secret]); }
export type { Inner as Given } from "./inner.ts";
`,
    "inner.ts": `/** What is run. */
export interface Inner { readonly deep: Deep }
interface Deep { readonly size: number }
export const secret: string = "unused";
`,
  }, ["run"]);
  assert.equal(
    text,
    `/** Does it. */
declare function run(inner: Given): Promise<void>;
/** What is run. */
interface Given {
    readonly deep: Deep;
}
interface Deep {
    readonly size: number;
}
export {
  run,
  type Given,
};
export as namespace Pod;
`,
  );
});

Deno.test("two types of one name stay two, and none hides a type of the platform", async () => {
  const text = await declared({
    "entry.ts": `import type { Message as Other } from "./other.ts";
import type { Event } from "./event.ts";
export interface Message { readonly other: Other; readonly event: Event }
declare global {
  interface Window { heard(event: CustomEvent<Message>): void }
}
`,
    "other.ts": "export interface Message { readonly text: string }\n",
    "event.ts": `export type Event = CustomEvent;
interface CustomEvent { readonly name: string }
`,
  }, []);
  assert.match(text, /interface Message \{\s+readonly other: Message2;\s+readonly event: Event;/);
  assert.match(text, /interface Message2 \{\s+readonly text: string;/);
  assert.match(text, /heard\(event: CustomEvent<Message>\): void;/);
  assert.match(text, /type Event = CustomEvent2;\n+interface CustomEvent2 \{\s+readonly name/);
});

Deno.test("what a bundle has and its declarations lack is an error", async () => {
  await assert.rejects(
    declared({ "entry.ts": "export interface Message { text: string }\n" }, ["run"]),
    /does not declare run/,
  );
});

Deno.test("a published source map names libraries by name and version, and no folder of this machine", () => {
  const packages = [{ name: "@a/b", version: "1.2.3", dir: join(ROOT_DIR, "..", "cache", "b") }];
  const map = (...sources: string[]) => JSON.stringify({ version: 3, sources, mappings: "" });
  assert.deepEqual(
    JSON.parse(namedSources(map("web/entry.ts", "../cache/b/src/x.js"), packages)).sources,
    ["web/entry.ts", "npm/@a/b@1.2.3/src/x.js"],
  );
  assert.throws(() => namedSources(map("../elsewhere/x.js"), packages), /Cannot name/);
});
