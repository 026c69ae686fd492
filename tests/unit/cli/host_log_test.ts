import assert from "node:assert/strict";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createLogger } from "../../../src/base/mod.ts";
import { boundLog } from "../../../src/cli/host_log.ts";

const log = createLogger({ name: "host", write: (line) => assert.fail(line) });

Deno.test("boundLog: a log that is too long begins anew under its writer, the old one beside it", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "host.log");
  const writer = openSync(path, "a", 0o600);
  try {
    const look = () => boundLog({ path, log, writer, maxBytes: 10 })[Symbol.dispose]();
    writeSync(writer, "short\n");
    look();
    assert.equal(await Deno.readTextFile(path), "short\n");
    writeSync(writer, "and now too long\n");
    look();
    writeSync(writer, "new\n");
    assert.equal(await Deno.readTextFile(path), "new\n");
    assert.equal(await Deno.readTextFile(`${path}.old`), "short\nand now too long\n");
    assert.equal(((await Deno.stat(`${path}.old`)).mode ?? 0) & 0o077, 0);
  } finally {
    closeSync(writer);
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("boundLog: what goes elsewhere is left alone, whether or not there is a log", async () => {
  const folder = await Deno.makeTempDir();
  const [path, elsewhere] = [join(folder, "host.log"), join(folder, "other.log")];
  const writer = openSync(elsewhere, "a");
  try {
    writeSync(writer, "far too long\n");
    boundLog({ path, log, writer, maxBytes: 1 })[Symbol.dispose]();
    await Deno.writeTextFile(path, "of an earlier Host\n");
    boundLog({ path, log, writer, maxBytes: 1 })[Symbol.dispose]();
    assert.equal(await Deno.readTextFile(path), "of an earlier Host\n");
    assert.equal(await Deno.readTextFile(elsewhere), "far too long\n");
  } finally {
    closeSync(writer);
    await Deno.remove(folder, { recursive: true });
  }
});
