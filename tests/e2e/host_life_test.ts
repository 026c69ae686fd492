import assert from "node:assert/strict";
import { join } from "node:path";
import { Host } from "../../src/host/mod.ts";
import { startBroker } from "../../src/signal/mod.ts";
import { FROM_SOURCE } from "./chain.ts";
import { podToml, startHostSetup } from "./host_setup.ts";
import { Gate, startModelEndpoint } from "./model_endpoint.ts";
import { run, start } from "./processes.ts";

const CONVERSATION = "conversation-0123456789";

Deno.test("Host: a pod whose broker is down harms no other, and comes when the broker does", async () => {
  await using model = startModelEndpoint();
  await using setup = await startHostSetup(model.url);
  const gone = await startBroker({ port: 0 });
  await gone.stop();
  const dir = join(setup.folder, "late");
  await Deno.mkdir(dir);
  await Deno.writeTextFile(join(dir, "pod.toml"), podToml(`${gone.url}/signal`, "late"));
  await setup.host.addPodFromDir(dir);
  await setup.serve("pod");
  await using visitor = await setup.visit("pod");
  assert.equal((await visitor.ask("Well?")).text, "Hello from the endpoint.");
  assert.equal(setup.host.registry.get("late")?.info().signalState, "disconnected");
  await using _broker = await startBroker({ port: gone.port });
  await setup.host.registry.get("late")?.registered;
  assert.equal(setup.host.registry.get("late")?.info().status, "running");
});

Deno.test("Host: a broker that goes and comes back is one line at loss and one at recovery", async () => {
  await using model = startModelEndpoint();
  await using setup = await startHostSetup(model.url);
  const broker = await startBroker({ port: 0 });
  const dir = join(setup.folder, "roaming");
  await Deno.mkdir(dir);
  await Deno.writeTextFile(join(dir, "pod.toml"), podToml(`${broker.url}/signal`, "roaming"));
  await setup.host.addPodFromDir(dir);
  const pod = setup.host.registry.get("roaming");
  await pod?.registered;
  const back = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<void>();
  setup.host.bus.on("signal_disconnected", () => lost.resolve());
  setup.host.bus.on("signal_connected", () => back.resolve());
  await broker.stop();
  await lost.promise;
  await using _again = await startBroker({ port: broker.port });
  await back.promise;
  const about = setup.lines.filter((line) => line.includes("roaming"));
  assert.equal(about.length, 3, about.join("\n"));
  assert.match(about[0] ?? "", /^\[host\] registered for pod roaming$/);
  assert.match(about[1] ?? "", /lost the broker of pod roaming/);
  assert.match(about[2] ?? "", /registered again for pod roaming/);
});

Deno.test("Host: a pod that another Host takes over is shown so and not fought for", async () => {
  await using model = startModelEndpoint();
  await using setup = await startHostSetup(model.url);
  await setup.serve("pod");
  const taken = Promise.withResolvers<void>();
  setup.host.bus.on("pod_error", () => taken.resolve());
  const socket = new WebSocket(setup.signalUrl.replace("http", "ws"));
  const registered = Promise.withResolvers<void>();
  socket.addEventListener("open", () => socket.send(`{"t":"register","podId":"pod"}`));
  socket.addEventListener("message", () => registered.resolve());
  const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
  await registered.promise;
  await taken.promise;
  const info = setup.host.registry.get("pod")?.info();
  assert.deepEqual([info?.status, info?.signalState], ["error", "taken_over"]);
  assert.match(setup.lines.at(-1) ?? "", /taken over by another Host/);
  socket.close();
  await closed;
});

Deno.test("Host: offers beyond the limit are refused with a reason", async () => {
  await using model = startModelEndpoint();
  await using setup = await startHostSetup(model.url, { maxPeers: 1 });
  await setup.serve("pod");
  await using _first = await setup.visit("pod");
  await assert.rejects(setup.visit("pod"), /too many visitors/);
});

Deno.test("Host: the log says what a person wants to see, and no whole conversation id", async () => {
  await using model = startModelEndpoint();
  await using setup = await startHostSetup(model.url);
  await setup.serve("pod");
  await using visitor = await setup.visit("pod", { conversationId: CONVERSATION });
  await visitor.ask("Hello?");
  const log = setup.lines.join("\n");
  for (
    const line of [
      /^\[host\] ready at http:\/\/localhost:\d+$/m,
      /^\[host\] registered for pod pod$/m,
      /^\[host\] offer  session=[\w-]{6} \(\d+ bytes\)$/m,
      /^\[host\] dartc\.hello verified  visitor=[0-9a-f]{6} manifest_ok=false tools=\[\]$/m,
      /^\[host\] chat\.request {2}conversation=conver {2}model=test-model$/m,
      /^\[host\] chat\.done {5}conversation=conver$/m,
    ]
  ) assert.match(log, line);
  assert.doesNotMatch(log, new RegExp(`${CONVERSATION}|Hello|a=ice`));
});

Deno.test("Host: a stop lets a run finish, says goodbye, and leaves nothing behind", async () => {
  const gate = new Gate();
  await using model = startModelEndpoint({ script: { tokens: ["one ", "two"], pace: gate.pace } });
  await using setup = await startHostSetup(model.url);
  await setup.serve("pod");
  await using visitor = await setup.visit("pod");
  const requestId = visitor.send("Talk.");
  gate.open(1);
  await visitor.until("a piece", (events) => events.find(({ type }) => type === "delta"));
  const stopped = setup.host.shutdown();
  gate.open();
  const answer = await visitor.answerTo(requestId);
  assert.equal(answer.text, "one two");
  assert.equal(answer.finishReason, "stop");
  await visitor.until("the goodbye", (events) => events.find(({ type }) => type === "closed"));
  await stopped;
  await assert.rejects(Deno.stat(join(setup.folder, "home", "host.json")), Deno.errors.NotFound);
});

Deno.test("Host: stopped while it starts, or while a pod is added, it leaves nothing open", async () => {
  await using model = startModelEndpoint();
  await using setup = await startHostSetup(model.url);
  const { host } = setup;
  const dir = await setup.writePod("pod");
  const added = assert.rejects(host.addPodFromDir(dir), { code: "not_running" });
  await host.shutdown();
  await added;
  assert.equal(host.registry.size, 0);
  const home = join(setup.folder, "other");
  const other = new Host({ home, port: 0, headless: true, ollamaUrl: model.url });
  const started = assert.rejects(other.start(), { code: "not_running" });
  await other.shutdown();
  await started;
  assert.throws(() => other.port(), { code: "not_running" });
  await assert.rejects(Deno.stat(join(home, "host.json")), Deno.errors.NotFound);
});

Deno.test("Host: everything that happens to it and its pods is told, in order", async () => {
  const model = startModelEndpoint();
  await using setup = await startHostSetup(model.url);
  const { host } = setup;
  const told: string[] = [];
  host.bus.on("*", ({ scope, event }) => {
    if (scope !== "conversation") told.push(event.type);
  });
  const since = () => told.splice(0).filter((type) => type !== "queue_changed");
  await setup.serve("pod");
  assert.deepEqual(since(), ["pod_added", "pod_starting", "pod_running", "signal_connected"]);
  {
    await using visitor = await setup.visit("pod");
    await visitor.ask("Well?");
    await model.stop();
    assert.equal(
      (await visitor.answerTo(visitor.send("And now?"))).error?.code,
      "model_unavailable",
    );
    assert.deepEqual(since(), ["peer_joined", "provider_up", "provider_down"]);
    await host.pausePod("pod");
  }
  assert.deepEqual(since(), ["peer_left", "pod_paused"]);
  await host.resumePod("pod");
  await host.registry.get("pod")?.registered;
  assert.deepEqual(since(), ["pod_stopped", "pod_starting", "pod_running", "signal_connected"]);
  await host.removePod("pod");
  assert.deepEqual(since(), ["pod_stopped", "pod_removed"]);
  host.bus.on("host_stopping", () => void host.shutdown()); // asked for twice, done once
  await host.shutdown();
  assert.deepEqual(since(), ["host_stopping"]);
});

Deno.test("Host: embedded in a program, it says goodbye when it is told to stop, and ends it", async (t) => {
  await using model = startModelEndpoint();
  await using setup = await startHostSetup(model.url);
  const home = join(setup.folder, "embedded");
  const program = join(import.meta.dirname ?? "", "embedded_host_program.ts");
  const dir = await setup.writePod("embedded");
  const path = join(home, "host.json");
  for (const [how, code] of [["Ctrl-C", 130], ["gemmapod stop", 0]] as const) {
    await t.step(how, async () => {
      await using running = start([
        ...[Deno.execPath(), "run", "-A", "--no-check", program],
        ...[dir, home, model.url],
      ]);
      await running.line(/registered for pod embedded/);
      await using visitor = await setup.visit("embedded");
      if (how === "Ctrl-C") running.kill("SIGINT");
      else {
        const env = { ...Deno.env.toObject(), GEMMAPOD_HOME: home };
        await run([...FROM_SOURCE.gemmapod, "stop"], { env });
      }
      await visitor.until("the goodbye", (all) => all.find(({ type }) => type === "closed"));
      assert.equal((await running.status).code, code);
      await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
    });
  }
});

Deno.test("Host: a dashboard folder without a page is refused, and nothing is left open", async () => {
  const home = await Deno.makeTempDir({ prefix: "gemmapod-host-" });
  const host = new Host({ home, port: 0, uiDir: home });
  await assert.rejects(host.start(), { code: "bad_setting", message: /no index\.html/ });
  await host.shutdown();
  assert.deepEqual(await Array.fromAsync(Deno.readDir(home)), []);
  await Deno.remove(home);
});

Deno.test("Host: pods of the last run are all remembered until the last of them was tried", async () => {
  await using model = startModelEndpoint();
  await using setup = await startHostSetup(model.url);
  const { host } = setup;
  const pods = [];
  for (const podId of ["one", "two", "three"]) {
    pods.push({ podId, podDir: await setup.writePod(podId), addedAt: "2026-01-01T00:00:00.000Z" });
  }
  await host.state.write(pods);
  const resumed = host.resumeFromStateFile();
  const { promise: oneIsHere, resolve } = Promise.withResolvers<void>();
  host.bus.on("pod_added", () => resolve());
  await oneIsHere;
  await host.shutdown();
  await resumed;
  assert.ok(host.registry.size < pods.length, "it was not stopped half-way");
  assert.deepEqual(await host.state.read(), pods);
});

Deno.test("Host: a run that does not finish in time is cut with a reason when the Host stops", async () => {
  await using model = startModelEndpoint({
    script: { tokens: ["one ", "two"], pace: new Gate().pace },
  });
  await using setup = await startHostSetup(model.url);
  await setup.serve("pod");
  await using visitor = await setup.visit("pod");
  const requestId = visitor.send("Talk.");
  const request = await model.request(0);
  await setup.host.shutdown();
  const { error } = await visitor.answerTo(requestId);
  assert.equal(error?.code, "shutting_down");
  assert.equal(await request.ended, "aborted");
});
