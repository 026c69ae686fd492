import assert from "node:assert/strict";
import { inOwnProcess } from "./own_process.ts";

Deno.test("the core is loaded once and shared", async () => {
  const program = "return await core.loadCore() === await core.loadCore();";
  assert.equal(await inOwnProcess("", program), "true");
});

Deno.test("a page gives its own copy of the WASM, asked for when it is first wanted", async () => {
  const program = `
    let asked = 0;
    core.provideCore(() => (asked++, wasm()));
    const before = asked;
    await Promise.all([core.loadCore(), core.loadCore()]);
    return [before, asked].join();`;
  assert.equal(await inOwnProcess("", program), "0,1");
});

Deno.test("a copy that does not load is told, and another may be given", async () => {
  const program = `
    core.provideCore(() => new Uint8Array(8));
    const first = await core.loadCore().catch((error) => error.code);
    core.provideCore(wasm);
    return first + " " + (await core.loadCore()).publicKey(new Uint8Array(32)).length;`;
  assert.equal(await inOwnProcess("", program), "bad_core 32");
});
