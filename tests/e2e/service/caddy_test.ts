import assert from "node:assert/strict";
import { join } from "node:path";
import { run, start } from "../processes.ts";
import {
  answers,
  brokerBehindProxy,
  freePort,
  place,
  serviceFile,
  worksThrough,
} from "./behind_proxy.ts";

const CADDY = "/usr/bin/caddy";

/** A Caddy of the test's own: its files in the folder, no door for administrators. */
async function caddyfile(folder: string): Promise<string> {
  const path = join(folder, "Caddyfile");
  await Deno.writeTextFile(path, `{\n\tadmin off\n}\n\n${await serviceFile("Caddyfile")}`);
  return path;
}

Deno.test("caddy takes the Caddyfile as it is, and would write it the same way", async () => {
  await using folder = await place();
  const env = { HOME: folder.path, PATH: "/usr/bin:/bin" };
  const path = join(folder.path, "Caddyfile");
  await Deno.writeTextFile(path, await serviceFile("Caddyfile"));
  assert.match(
    await run([CADDY, "validate", "--adapter", "caddyfile", "--config", path], { env }),
    /Valid configuration/,
  );
  await run([CADDY, "fmt", "--overwrite", path], { env });
  assert.equal(await Deno.readTextFile(path), await serviceFile("Caddyfile"));
});

Deno.test("a broker behind caddy does all it is for, under the address of caddy", async () => {
  await using broker = await brokerBehindProxy();
  await using folder = await place();
  const url = `http://127.0.0.1:${freePort()}`;
  const config = await caddyfile(folder.path);
  await using _caddy = start([CADDY, "run", "--adapter", "caddyfile", "--config", config], {
    env: {
      HOME: folder.path,
      PATH: "/usr/bin:/bin",
      GEMMAPOD_SITE: url,
      GEMMAPOD_BROKER: new URL(broker.url).host,
    },
  });
  await answers(`${url}/health`);
  await worksThrough(url, broker);
  const metrics = await fetch(`${url}/metrics`);
  assert.match(await metrics.text(), /^gemmapod_signal_origins /m);
});
