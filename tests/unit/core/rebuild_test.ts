import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { gzipWasm, rebuildWasm, WASM_ADVICE } from "../../../build.ts";
import { toHex } from "../../../src/base/mod.ts";
import { CORE_WASM_BYTES, CORE_WASM_SHA256 } from "../../../src/core/core_wasm.generated.ts";

const ROOM = new URL("../../../src/core/", import.meta.url);
const CRATE = fileURLToPath(new URL("../../../core-rs/", import.meta.url));

const rust = await findRust();

Deno.test("core.wasm is the file that its constants describe", async () => {
  const wasm = await Deno.readFile(new URL("core.wasm", ROOM));
  assert.equal(wasm.length, CORE_WASM_BYTES);
  const digest = await crypto.subtle.digest("SHA-256", wasm);
  assert.equal(toHex(new Uint8Array(digest)), CORE_WASM_SHA256);
});

Deno.test("core.wasm.gz is the gzip of core.wasm, byte for byte", async () => {
  const wasm = await Deno.readFile(new URL("core.wasm", ROOM));
  assert.deepEqual(await gzipWasm(wasm), await Deno.readFile(new URL("core.wasm.gz", ROOM)));
});

Deno.test("core.wasm asks nothing of its host", async () => {
  const wasm = await WebAssembly.compile(await Deno.readFile(new URL("core.wasm", ROOM)));
  assert.deepEqual(WebAssembly.Module.imports(wasm), []);
});

Deno.test("core.wasm is what core-rs builds, byte for byte", async () => {
  if (rust.kind === "missing") return leaveOut("the rebuild of core.wasm", rust.why);
  const rebuild = await rebuildWasm();
  switch (rebuild.kind) {
    case "same":
      return;
    case "different":
      return assert.fail("core-rs builds other bytes: run `deno task build wasm`, check them in");
    case "not_comparable":
      return leaveOut(
        "the rebuild of core.wasm",
        `${rebuild.toolchain} is here and ${rebuild.expected} built it; ` +
          "`deno task build wasm` builds it anew",
      );
    case "no_toolchain":
      return leaveOut("the rebuild of core.wasm", WASM_ADVICE);
  }
});

Deno.test("core-rs passes its own tests", async () => {
  if (rust.kind === "missing") return leaveOut("the tests of core-rs", rust.why);
  const target = await Deno.makeTempDir({ prefix: "gemmapod-core-rs-" });
  try {
    const { success, text } = await cargo(["test", "--locked", "--quiet"], target);
    assert.ok(success, text);
  } finally {
    await Deno.remove(target, { recursive: true });
  }
});

/** In CI, which brings the toolchain, its absence is a failure; elsewhere it is said. */
function leaveOut(what: string, why: string): void {
  if (["1", "true"].includes(Deno.env.get("CI") ?? "")) assert.fail(`${what} did not run: ${why}`);
  console.log(`${what} did not run: ${why}`);
}

/** Whether there is a cargo, and the crates that `Cargo.lock` names can be had. */
async function findRust(): Promise<{ kind: "here" } | { kind: "missing"; why: string }> {
  try {
    const { success, text } = await cargo(["fetch", "--locked"]);
    return success ? { kind: "here" } : { kind: "missing", why: text };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { kind: "missing", why: WASM_ADVICE };
    throw error;
  }
}

async function cargo(
  args: readonly string[],
  target?: string,
): Promise<{ success: boolean; text: string }> {
  const { success, stdout, stderr } = await new Deno.Command("cargo", {
    args: [...args],
    cwd: CRATE,
    env: target === undefined ? {} : { CARGO_TARGET_DIR: target },
  }).output();
  const decoder = new TextDecoder();
  return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
}
