import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { FROM_SOURCE } from "./chain.ts";
import { commandPlace } from "./command_place.ts";
import { startModelEndpoint } from "./model_endpoint.ts";
import { NativeVisitor } from "./native_visitor.ts";
import { run } from "./processes.ts";

Deno.test("gemmapod run: serves with the demo model, says that it is one, and Ctrl-C ends it", async () => {
  await using at = await commandPlace();
  const dir = await at.writePod("pod");
  await using host = at.gemmapod("run", dir, "--provider", "demo", "--port", "0");
  const [, port] = await host.line(/^\[host\] ready at http:\/\/localhost:(\d+)$/);
  await host.line(/^\[host\] registered for pod pod$/);
  const discovered = z.object({ pid: z.number(), port: z.number(), token: z.string() })
    .parse(JSON.parse(await Deno.readTextFile(join(at.home, "host.json"))));
  assert.deepEqual([discovered.pid, discovered.port], [host.pid, Number(port)]);
  {
    await using visitor = await NativeVisitor.visit({ signalUrl: at.signalUrl, podId: "pod" });
    const requestId = visitor.send("What is a pod?");
    await visitor.until(
      "the confession",
      () => /I am the demo/.test(visitor.answerSoFar(requestId).text) || undefined,
    );
  }
  for (const name of ["host.json", "state.json", "host.sqlite"]) {
    assert.equal(((await Deno.stat(join(at.home, name))).mode ?? 0) & 0o077, 0, name);
  }
  host.kill("SIGINT");
  const { code } = await host.status;
  assert.equal(code, 0, host.lines.join("\n"));
  await assert.rejects(Deno.stat(join(at.home, "host.json")), Deno.errors.NotFound);
});

Deno.test("gemmapod run: a second one gives its pod to the Host that is running", async () => {
  await using at = await commandPlace();
  const [one, two] = [await at.writePod("one"), await at.writePod("two")];
  await using host = at.gemmapod("run", one, "--provider", "demo", "--port", "0");
  await host.line(/registered for pod one/);
  const said = await run([...FROM_SOURCE.gemmapod, "run", two], at.options);
  assert.match(
    said,
    new RegExp(`pod two is served by the Host that was running: process ${host.pid}`),
  );
  await host.line(/registered for pod two/);
  await using visitor = await NativeVisitor.visit({ signalUrl: at.signalUrl, podId: "two" });
  assert.equal(visitor.session.state, "ready");
  await using again = at.gemmapod("run", two);
  assert.equal((await again.status).code, 1);
  assert.match(again.lines.join("\n"), /serves it already/);
});

Deno.test("gemmapod run: takes over from a Host that was killed, and remembers what it knew", async () => {
  await using at = await commandPlace();
  const dir = await at.writePod("pod");
  const conversationId = "conversation-0123456789";
  const visit = () =>
    NativeVisitor.visit({ signalUrl: at.signalUrl, podId: "pod", conversationId });
  {
    await using host = at.gemmapod("run", dir, "--provider", "demo", "--port", "0");
    await host.line(/registered for pod pod/);
    await using visitor = await visit();
    await visitor.ask("Hello");
    host.kill("SIGKILL");
    await host.status;
  }
  await using host = at.gemmapod("run", dir, "--provider", "demo", "--port", "0");
  await host.line(/registered for pod pod/);
  await using visitor = await visit();
  const snapshot = await visitor.until(
    "the thread",
    () => visitor.uiEvents("MESSAGES_SNAPSHOT")[0],
  );
  assert.equal(snapshot.messages[0]?.content, "Hello");
  assert.match(snapshot.messages[1]?.content ?? "", /I am the demo/);
});

Deno.test("gemmapod run: tools that fail where nobody waits for them take no pod along", async () => {
  await using at = await commandPlace();
  const [bad, good] = [await at.writePod("bad"), await at.writePod("good")];
  await Deno.writeTextFile(
    join(bad, "tools.js"),
    `setTimeout(() => { throw new Error("thrown in a timer"); });
     setTimeout(() => Promise.reject(new Error("left alone")));
     export default {};`,
  );
  await using host = at.gemmapod("run", good, "--provider", "demo", "--port", "0");
  await host.line(/registered for pod good/);
  await at.json("run", bad, "--once");
  await host.line(/^\[host\] something failed that nobody waited for: thrown in a timer$/);
  await host.line(/^\[host\] something failed that nobody waited for: left alone$/);
  for (const podId of ["good", "bad"]) {
    await using visitor = await NativeVisitor.visit({ signalUrl: at.signalUrl, podId });
    assert.match((await visitor.ask("Hello")).text, /I am the demo/);
  }
});

Deno.test("gemmapod run: a second Ctrl-C does not wait for a run that goes on", async () => {
  await using at = await commandPlace();
  await using model = startModelEndpoint({ script: { stall: true } });
  const dir = await at.writePod("pod");
  await using host = at.gemmapod("run", dir, "--provider-url", model.url, "--port", "0");
  await host.line(/registered for pod pod/);
  await using visitor = await NativeVisitor.visit({ signalUrl: at.signalUrl, podId: "pod" });
  visitor.send("Hello?");
  const request = await model.request(0);
  host.kill("SIGINT");
  await host.line(/stopping; press Ctrl-C again/);
  host.kill("SIGINT");
  assert.equal((await host.status).code, 130);
  assert.equal(await request.ended, "aborted");
});

Deno.test("gemmapod run: --log-format json is one object a line", async () => {
  await using at = await commandPlace();
  const dir = await at.writePod("pod");
  await using host = at.gemmapod(
    "run",
    dir,
    "--provider",
    "demo",
    "--port",
    "0",
    "--log-format",
    "json",
  );
  await host.line(/"event":"registered"/);
  host.kill("SIGTERM");
  assert.equal((await host.status).code, 0);
  const line = z.object({
    time: z.string(),
    level: z.string(),
    name: z.literal("host"),
    event: z.string(),
  });
  const events = host.lines.map((text) => line.parse(JSON.parse(text)).event);
  assert.deepEqual(events.slice(0, 4), ["ready", "dashboard", "registered", "stopping"]);
});

Deno.test("gemmapod run: a pod.toml with mistakes is refused with all of them, exit code 1", async () => {
  await using at = await commandPlace();
  const dir = await at.writePod("pod", `name = 5\nmodle = "x"\n`);
  await using host = at.gemmapod("run", dir, "--port", "0");
  assert.equal((await host.status).code, 1);
  const said = host.lines.join("\n");
  for (const wanted of [/pod\.toml:1: name: /, /system_prompt/, /modle/, /transport/]) {
    assert.match(said, wanted);
  }
});

Deno.test("gemmapod: knows its version, its help, and the command that was meant", async (t) => {
  await using at = await commandPlace();
  const call = (...args: string[]) => at.call(args);
  await t.step("--version", async () => {
    assert.deepEqual(await call("--version"), { code: 0, said: "0.7.0" });
  });
  await t.step("--help", async () => {
    const { code, said } = await call("run", "--help");
    assert.equal(code, 0);
    assert.match(said, /Examples:\n {2}gemmapod run \.\/my-pod/);
  });
  for (
    const [args, wanted] of [
      [["rnu"], /Did you mean run\?/],
      [["run", "--prot", "1"], /Did you mean --port\?/],
      [["run", "--port", "99999"], /Expected a whole number/],
      [["run", "--provider", "cloud"], /Allowed choices are endpoint, demo/],
    ] as const
  ) {
    await t.step(args.join(" "), async () => {
      const { code, said } = await call(...args);
      assert.equal(code, 2);
      assert.match(said, wanted);
    });
  }
  await t.step("a folder that is none", async () => {
    const { code, said } = await call("run", "nowhere", "--port", "0");
    assert.equal(code, 1);
    assert.match(said, /^error: Cannot find .*nowhere/m);
  });
});
