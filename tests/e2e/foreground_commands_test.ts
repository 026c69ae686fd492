import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { readPackedPage } from "../../src/pod/mod.ts";
import { FROM_SOURCE } from "./chain.ts";
import { commandPlace } from "./command_place.ts";
import { podToml } from "./host_setup.ts";
import { startModelEndpoint } from "./model_endpoint.ts";
import { NativeVisitor } from "./native_visitor.ts";
import { startInTerminal } from "./terminal.ts";

const DEMO = ["--provider", "demo", "--port", "0"];

const started = z.strictObject({
  pid: z.number(),
  port: z.number(),
  url: z.string(),
  dashboard: z.string().nullable(),
});

/** The one line of JSON among the log lines. */
function jsonOf(lines: readonly string[]): unknown {
  const [line = "", ...more] = lines.filter((line) => line.startsWith("{"));
  assert.deepEqual(more, []);
  return JSON.parse(line);
}

Deno.test("a Host in the foreground says each line as it is promised, to the letter", async () => {
  await using at = await commandPlace();
  await using model = startModelEndpoint();
  const tool = '[[tools]]\nname = "share_contact"\ndescription = "Share it."\n';
  const dir = await at.writePod("pod", podToml(at.signalUrl, "pod", tool));
  await at.json("keygen", dir);
  const { out } = z.object({ out: z.string() }).parse(await at.json("build", dir));
  const { manifestB64 } = readPackedPage(await Deno.readTextFile(out));

  await using host = at.gemmapod("run", dir, "--provider-url", model.url, "--port", "0");
  const [, port] = await host.line(/^\[host\] ready at http:\/\/localhost:(\d+)$/);
  await host.line(new RegExp(`^\\[host\\] dashboard at http://localhost:${port}$`));
  await host.line(/^\[host\] registered for pod pod$/);
  const dashboard = await fetch(`http://127.0.0.1:${port}/`);
  assert.match(await dashboard.text(), /<title>/);
  await using visitor = await NativeVisitor.visit({
    signalUrl: at.signalUrl,
    podId: "pod",
    signedManifestB64: manifestB64,
  });
  await host.line(/^\[host\] offer {2}session=\S+ \(\d+ bytes\)$/);
  await host.line(
    /^\[host\] dartc\.hello verified {2}visitor=[0-9a-f]{6} manifest_ok=true tools=\[share_contact,show_presentation,set_state,send_custom_event\]$/,
  );
  await visitor.ask("Hello?");
  await host.line(/^\[host\] chat\.request {2}conversation=\S{1,6} {2}model=test-model$/);
  await host.line(/^\[host\] chat\.done {5}conversation=\S{1,6}$/);
  assert.ok(host.lines.every((line) => line.startsWith("[host] ")), host.lines.join("\n"));
});

Deno.test("--headless has no dashboard, and says none", async () => {
  await using at = await commandPlace();
  const dir = await at.writePod("pod");
  for (const args of [["start", "--empty"], ["run", dir]]) {
    await using host = at.gemmapod(...args, ...DEMO, "--headless");
    const [, port] = await host.line(/^\[host\] ready at http:\/\/localhost:(\d+)$/);
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    await answer.body?.cancel();
    assert.equal(answer.status, 404);
    host.kill("SIGTERM");
    assert.equal((await host.status).code, 0);
    assert.ok(!host.lines.some((line) => line.includes("dashboard")), host.lines.join("\n"));
  }
});

Deno.test("start --ui-dir serves another dashboard, in the foreground and in the background", async () => {
  await using at = await commandPlace();
  const folder = join(at.folder, "ui");
  await Deno.mkdir(folder);
  await Deno.writeTextFile(join(folder, "index.html"), "<title>Mine</title>");
  {
    await using host = at.gemmapod("start", "--empty", ...DEMO, "--ui-dir", "ui");
    const [, url = ""] = await host.line(/^\[host\] dashboard at (\S+)$/);
    assert.equal(await (await fetch(url)).text(), "<title>Mine</title>");
    assert.equal((await at.call(["dashboard", "--no-open"])).said, url);
    host.kill("SIGTERM");
    assert.equal((await host.status).code, 0);
  }
  const { url } = z.object({ url: z.string() })
    .parse(await at.json("start", "-d", ...DEMO, "--ui-dir", "ui"));
  assert.equal(await (await fetch(url)).text(), "<title>Mine</title>");
});

Deno.test("start --json and run --json in the foreground print one line when they serve", async () => {
  await using at = await commandPlace();
  const dir = await at.writePod("pod");
  for (const flags of [[], ["--headless"]]) {
    await using host = at.gemmapod("start", "--json", ...DEMO, ...flags);
    await host.line(/^\{/);
    const { pid, port, url, dashboard } = started.parse(jsonOf(host.lines));
    assert.deepEqual([pid, url], [host.pid, `http://localhost:${port}`]);
    assert.equal(dashboard, flags.length === 0 ? url : null);
    host.kill("SIGTERM");
    await host.status;
  }
  await using host = at.gemmapod("run", dir, "--json", "--once", ...DEMO);
  await host.line(/^\{/);
  const { port } = z.object({ port: z.number() }).parse(jsonOf(host.lines));
  const url = `http://localhost:${port}`;
  assert.deepEqual(jsonOf(host.lines), { podId: "pod", pid: host.pid, port, url });
  await using visitor = await NativeVisitor.visit({ signalUrl: at.signalUrl, podId: "pod" });
  assert.equal(visitor.session.state, "ready", "it is registered by then");
});

Deno.test("start --json asks nobody, on a terminal either", async () => {
  await using at = await commandPlace();
  await at.json("link", await at.writePod("pod"));
  await using host = startInTerminal(
    ["exec", ...FROM_SOURCE.gemmapod, "start", "--json", "--headless", ...DEMO],
    at.options,
  );
  await host.line(/^\{"pid":\d+,/);
  assert.ok(!host.lines.some((line) => line.includes("Which pod")), host.lines.join("\n"));
});

Deno.test("run --once in the foreground fails where no broker answers, and leaves nothing behind", async () => {
  await using at = await commandPlace();
  const dir = await at.writePod("lonely", podToml("ws://127.0.0.1:9/signal", "lonely"));
  const { code, said } = await at.call(["run", dir, "--once", "--json", ...DEMO]);
  assert.equal(code, 1, said);
  assert.match(said, /^error: The broker was not reached within 10 s: /m);
  assert.ok(!/^\{/m.test(said), "it was not served");
  assert.equal((await at.call(["status"])).code, 1);
});

Deno.test("run says that a folder is no pod before it becomes a Host", async () => {
  await using at = await commandPlace();
  for (const folder of ["./nowhere", "../nowhere"]) {
    const { code, said } = await at.call(["run", folder, ...DEMO]);
    assert.equal(code, 1);
    assert.match(said, /^error: Cannot find pod\.toml in \S+nowhere: `gemmapod init` makes a pod/);
  }
});
