import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../../", import.meta.url);

/**
 * What a program answers in a process of its own, since the core is loaded and the default Ed25519
 * chosen once a process. `setUp` runs before the room is imported as `core`; `program` is the body
 * of an async function, and `wasm()` reads the bytes of `core.wasm`.
 */
export async function inOwnProcess(setUp: string, program: string): Promise<string> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--quiet",
      "--ext=ts",
      "--config",
      fileURLToPath(new URL("deno.json", ROOT)),
      [
        setUp,
        `const core = await import("${new URL("src/core/mod.ts", ROOT)}");`,
        `const wasm = () => Deno.readFile(new URL("${new URL("src/core/core.wasm", ROOT)}"));`,
        `console.log(await (async () => { ${program} })());`,
      ].join("\n"),
    ],
    stderr: "inherit",
  }).output();
  assert.ok(success);
  return new TextDecoder().decode(stdout).trim();
}
