import assert from "node:assert/strict";
import { join } from "node:path";
import { startSignal } from "../broker_scenes.ts";
import { podToml, startHostSetup } from "../host_setup.ts";
import { everyMs, Gate, startModelEndpoint } from "../model_endpoint.ts";
import { NativeVisitor } from "../native_visitor.ts";
import { type NatsCluster, startNats } from "../nats_cluster.ts";
import { forwardTo } from "../tcp_forwarder.ts";

/** A broker in a process of its own, as an operator starts it. */
function signalOn(nats: NatsCluster) {
  return startSignal("--limits", "off", "--bus", nats.url);
}

Deno.test("a visitor and a Host at different brokers chat", async () => {
  await using nats = await startNats(3);
  await using here = await signalOn(nats);
  await using there = await signalOn(nats);
  await using model = startModelEndpoint({ script: { tokens: ["Hello", "."], pace: everyMs(1) } });
  await using setup = await startHostSetup(model.url);
  const dir = join(setup.folder, "far");
  await Deno.mkdir(dir);
  await Deno.writeTextFile(join(dir, "pod.toml"), podToml(`${here.url}/signal`, "far"));
  await setup.host.registry.get(await setup.host.addPodFromDir(dir))?.registered;
  for (let i = 0; i < 10; i++) {
    await using visitor = await NativeVisitor.visit({
      signalUrl: `${there.url}/signal`,
      podId: "far",
    });
    assert.equal((await visitor.ask("Hello?")).text, "Hello.");
  }
});

Deno.test("a broker is killed: its Host is back at another at once, and open chats never notice", async () => {
  await using nats = await startNats(3);
  await using doomed = await signalOn(nats);
  await using other = await signalOn(nats);
  using balancer = forwardTo([doomed.url, other.url]);
  const tokens = Array.from({ length: 20 }, (_, index) => `t${index} `);
  const gate = new Gate();
  await using model = startModelEndpoint({ script: { tokens, pace: gate.pace } });
  await using setup = await startHostSetup(model.url);
  const dir = join(setup.folder, "far");
  await Deno.mkdir(dir);
  await Deno.writeTextFile(join(dir, "pod.toml"), podToml(`${balancer.url}/signal`, "far"));
  await setup.host.registry.get(await setup.host.addPodFromDir(dir))?.registered;

  const visit = () => NativeVisitor.visit({ signalUrl: `${other.url}/signal`, podId: "far" });
  await using visitor = await visit();
  const requestId = visitor.send("Count.");
  gate.open(5);
  await visitor.until(
    "the middle of the answer",
    () => visitor.answerSoFar(requestId).deltas.length === 5 || undefined,
  );
  doomed.running.kill("SIGKILL");
  await doomed.running.status;
  // Whoever calls now, before the Host is back, is put through when it is: within 5 s, or refused.
  await using late = await visit();
  gate.open(100);
  const answer = await visitor.answerTo(requestId);
  assert.deepEqual(answer.deltas, tokens);
  assert.equal(answer.finishReason, "stop");
  assert.deepEqual((await late.ask("And you?")).deltas, tokens);
  assert.deepEqual(visitor.events.filter(({ type }) => type === "closed"), []);
});
