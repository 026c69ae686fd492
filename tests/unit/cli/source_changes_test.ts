import assert from "node:assert/strict";
import { join } from "node:path";
import { sourceChanges } from "../../../src/cli/source_changes.ts";

Deno.test("sourceChanges() tells of a source that is written, and not of what an editor keeps", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-watch-" });
  try {
    const stop = new AbortController();
    const changes = sourceChanges([folder], stop.signal);
    const first = changes.next();
    await Deno.writeTextFile(join(folder, ".page.ts.swp"), "");
    await Deno.writeTextFile(join(folder, "page.ts~"), "");
    await Deno.writeTextFile(join(folder, "page.ts"), "export {};\n");
    assert.equal((await first).value, await Deno.realPath(join(folder, "page.ts")));
    const second = changes.next();
    await Deno.remove(join(folder, "page.ts"));
    assert.equal((await second).done, false);
    const last = changes.next();
    stop.abort();
    assert.equal((await last).done, true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
