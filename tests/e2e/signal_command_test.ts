import assert from "node:assert/strict";
import { FROM_SOURCE } from "./chain.ts";
import { connectHost } from "./broker_client.ts";
import { type Running, start } from "./processes.ts";

/** Starts `gemmapod-signal` with an environment of its own. */
function signal(args: readonly string[], env: Record<string, string> = {}): Running {
  const path = Deno.env.get("PATH") ?? "";
  const home = Deno.env.get("HOME") ?? "";
  return start([...FROM_SOURCE.signal, ...args], { env: { PATH: path, HOME: home, ...env } });
}

/** Where it says that it listens. */
async function address(running: Running): Promise<string> {
  const [, url] = await running.line(/^\[signal\] listening on (http:\/\/127\.0\.0\.1:\d+)$/);
  assert(url !== undefined);
  return url;
}

Deno.test("gemmapod-signal says where it listens and that it keeps pages in memory", async () => {
  await using running = signal(["--port", "0"]);
  const url = await address(running);
  await running.line(/pages are kept in memory/);
  assert.equal((await (await fetch(`${url}/health`)).json()).ok, true);
});

Deno.test("gemmapod-signal takes its port from PORT, and --port wins over it", async () => {
  await using taken = signal(["--port", "0"]);
  const url = new URL(await address(taken));
  await using refused = signal([], { PORT: url.port });
  await refused.line(new RegExp(`Cannot listen on 127\\.0\\.0\\.1:${url.port}`));
  assert.equal((await refused.status).code, 1);
  await using fine = signal(["--port", "0"], { PORT: url.port });
  assert.notEqual(await address(fine), url.origin);
});

for (const name of ["SIGTERM", "SIGINT"] as const) {
  Deno.test({
    name: `gemmapod-signal ends by itself on ${name}, and sends its Hosts away with 4012`,
    ignore: Deno.build.os === "windows", // there are no signals to send there
    async fn() {
      await using running = signal(["--port", "0"]);
      await using host = await connectHost(await address(running), "cafe");
      running.kill(name);
      assert.equal((await host.closed).code, 4012);
      assert.equal((await running.status).code, 0);
    },
  });
}

for (
  const args of [["--port", "seventy"], ["--port", "65536"], ["--limits", "maybe"], ["--what"]]
) {
  Deno.test(`gemmapod-signal ${args.join(" ")} is wrong use: exit code 2`, async () => {
    await using running = signal(args);
    assert.equal((await running.status).code, 2);
    assert.match(running.lines.join("\n"), /error: /);
  });
}

Deno.test("gemmapod-signal --help shows an example, --version a version", async () => {
  await using help = signal(["--help"]);
  assert.equal((await help.status).code, 0);
  assert.match(help.lines.join("\n"), /Examples:\n +gemmapod-signal/);
  await using version = signal(["--version"]);
  assert.equal((await version.status).code, 0);
  assert.match(version.lines.join("\n"), /^\d+\.\d+\.\d+$/);
});

Deno.test("gemmapod-signal says in a sentence that its data folder cannot be used", async () => {
  const file = await Deno.makeTempFile({ prefix: "gemmapod-broker-" });
  try {
    await using running = signal(["--port", "0", "--data-dir", file]);
    await running.line(/Cannot use the data folder /);
    assert.equal((await running.status).code, 1);
  } finally {
    await Deno.remove(file);
  }
});
