import assert from "node:assert/strict";
import { join } from "node:path";
import { run, start } from "../processes.ts";
import { place, serviceFile } from "./behind_proxy.ts";

const ANALYZE = "/usr/bin/systemd-analyze";

/** Ten times the exposure that `systemd-analyze security` may find; 10 is without any care. */
const EXPOSURE = 15;

/** The same of a user's own service, which has no right to give most rights away. */
const USERS_EXPOSURE = 65;

/** The unit with a program that is here. */
async function unit(folder: string): Promise<string> {
  const path = join(folder, "gemmapod-signal.service");
  const text = await serviceFile("gemmapod-signal.service");
  assert.match(text, /^ExecStart=\/usr\/local\/bin\/gemmapod-signal /m);
  await Deno.writeTextFile(path, text.replace("/usr/local/bin/gemmapod-signal ", "/bin/true "));
  return path;
}

Deno.test("systemd takes the unit without a word", async () => {
  await using folder = await place();
  const verify = start([ANALYZE, "verify", await unit(folder.path)]);
  assert.equal((await verify.status).code, 0);
  assert.deepEqual(verify.lines, []);
});

Deno.test("systemd finds the Host's unit as hardened as a user's may be", async () => {
  await using folder = await place();
  const text = await Deno.readTextFile(
    new URL("../../../src/host/service/gemmapod.service", import.meta.url),
  );
  const path = join(folder.path, "gemmapod.service");
  await Deno.writeTextFile(path, text.replace("/usr/local/bin/gemmapod ", "/bin/true "));
  const threshold = `--threshold=${USERS_EXPOSURE}`;
  await run([ANALYZE, "security", "--offline=true", threshold, "--no-pager", path]);
});

Deno.test("systemd finds the unit hardened", async () => {
  await using folder = await place();
  await run([
    ANALYZE,
    "security",
    "--offline=true",
    `--threshold=${EXPOSURE}`,
    "--no-pager",
    await unit(folder.path),
  ]);
});
