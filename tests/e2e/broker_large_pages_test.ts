import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { ask } from "./http_client.ts";
import { memoryOf, resetPeak } from "./process_memory.ts";
import { signedPage, startSignal, upload } from "./signal_place.ts";
import { tempFolder } from "./temp_folder.ts";

const MIB = 1024 * 1024;

/** A page of 50 MiB, most of it pictures: noise as base64. */
function picturePage(name: string): Uint8Array<ArrayBuffer> {
  const page = signedPage(name, 50 * MIB);
  const picture = new TextEncoder().encode(randomBytes(6 * MIB).toString("base64"));
  for (let at = 8192; at < page.length; at += picture.length) {
    page.set(picture.subarray(0, page.length - at), at);
  }
  return page;
}

for (const coding of ["br", "gzip"] as const) {
  Deno.test({
    name:
      `a page of 50 MiB is compressed as ${coding} without being held twice, and others are served`,
    ignore: Deno.build.os !== "linux", // that is where /proc is
    async fn() {
      await using data = await tempFolder("broker");
      await using signal = await startSignal(["--data-dir", data.path]);
      const { json } = await upload(signal, picturePage("pictures"));
      const get = (path: string) =>
        ask(`${signal.url}/${path}`, { headers: { "accept-encoding": coding } });
      await resetPeak(signal.pid);
      const before = await memoryOf(signal.pid);
      let isDone = false;
      const page = get(String(json.id)).finally(() => isDone = true);
      for (let i = 0; i < 5; i++) assert.equal((await get("health")).status, 200);
      assert(!isDone, "others waited for the page");
      const { headers, body } = await page;
      assert.equal(headers["content-encoding"], coding);
      assert(body.length < 45 * MIB);
      const grown = (await memoryOf(signal.pid)).peak - before.now;
      assert(grown < 100 * MIB, `memory grew by ${grown} bytes`);
    },
  });
}
