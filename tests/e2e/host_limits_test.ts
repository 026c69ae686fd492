import assert from "node:assert/strict";
import { join } from "node:path";
import { memoryMb } from "../bench/tools/process_usage.ts";
import { makeOffer } from "../../src/rtc/mod.ts";
import { offerOver } from "../../src/signaling/mod.ts";
import { eventually, hostPlace } from "./host_place.ts";
import { Gate, startModelEndpoint } from "./model_endpoint.ts";
import type { NativeVisitor } from "./native_visitor.ts";
import { start } from "./processes.ts";
import { RawVisitor } from "./raw_visitor.ts";

/** Tokens of the burst: as frames they would be some 140 MB. */
const BURST = 200_000;

/** How much memory the Host may take more while it holds such a burst back, in MB. */
const MORE_MEMORY_MB = 80;

/** A visitor that takes nothing, or never says hello, is closed after 30 s: with time to spare. */
const GONE_WITHIN_MS = 50_000;

Deno.test("Host: who takes nothing, never says hello or is killed costs no memory and is closed", async (t) => {
  await using model = startModelEndpoint();
  const gate = new Gate();
  const pace = (index: number, signal: AbortSignal) =>
    index < 10 ? undefined : gate.pace(index, signal);
  model.script(({ messages }) => {
    const burst = { tokens: Array.from({ length: BURST }, (_, index) => `word${index} `) };
    return messages.at(-1)?.content === "Talk." ? { ...burst, pace } : {};
  });
  await using place = await hostPlace();
  await place.writePod("pod");
  const host = await place.run("pod", "--provider-url", model.url, "--parallel", "10");
  const { signalUrl } = place;
  const program = join(import.meta.dirname ?? ".", "still_program.ts");
  const argv = [Deno.execPath(), "run", "-A", "--quiet", "--no-check", program, signalUrl, "pod"];
  await using stopped = start(argv);
  await stopped.line(/reading/);
  stopped.kill("SIGSTOP"); // its kernel takes what fits its socket, and nobody reads on
  await using killed = start(argv);
  await killed.line(/reading/);
  killed.kill("SIGKILL");
  await using deaf = await RawVisitor.visit(signalUrl, "pod", ["flow.ack", "chat.single"]);
  await deaf.send("gemmapod.chat.request", {
    request_id: "deaf",
    messages: [{ role: "user", content: "Talk." }],
  });
  await using silent = await RawVisitor.connect(signalUrl, "pod");
  await using halfOpen = await offerAndVanish(signalUrl, "pod");
  assert.equal(await place.peers(), 5);
  const before = memoryMb(host.pid);
  gate.open();

  let most = before;
  const watching = setInterval(() => most = Math.max(most, memoryMb(host.pid)), 100);
  try {
    await t.step("others are answered meanwhile", async () => {
      await using visitor = await place.visit("pod");
      for (let time = 0; time < 5; time++) {
        assert.equal((await visitor.ask("And me?")).text, "Hello from the endpoint.");
      }
    });
    await t.step("all of them are closed, and their runs are aborted at the model", async () => {
      await eventually("nobody is there", async () => await place.peers() === 0, GONE_WITHIN_MS);
      const talks = model.requests.filter(({ thread }) => thread.at(-1)?.content === "Talk.");
      assert.equal(talks.length, 3);
      for (const request of talks) {
        assert.equal(await request.ended, "aborted");
        assert.ok(request.emittedAt.length < BURST, "the model was held back");
      }
      await eventually(
        "the channels are closed",
        () => deaf.closed !== undefined && silent.closed !== undefined,
      );
      const chunks = deaf.frames.filter(({ dartc }) => dartc?.chunk_id !== undefined);
      assert.ok(chunks.length <= 256 + 64, `${chunks.length} chunks without an acknowledgement`);
    });
    await t.step("the Host's memory did not grow", () => {
      assert.ok(!(most > before + MORE_MEMORY_MB), `${before} MB, then ${most} MB`);
    });
  } finally {
    clearInterval(watching);
    stopped.kill("SIGCONT");
    await halfOpen[Symbol.asyncDispose]();
  }
});

/** Makes an offer at the broker and never takes the answer. */
async function offerAndVanish(signalUrl: string, podId: string): Promise<AsyncDisposable> {
  const peer = makeOffer({ iceServers: [], onCandidate: () => {} });
  const socket = new WebSocket(signalUrl.replace("http", "ws"));
  const answered = Promise.withResolvers<void>();
  const rendezvous = offerOver(socket, {
    podId,
    sessionId: crypto.randomUUID(),
    sdp: await peer.localSdp,
    onAnswer: () => answered.resolve(),
    onCandidate: () => {},
    onError: (error) => answered.reject(error),
  });
  await answered.promise;
  const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
  rendezvous.close();
  await closed;
  return peer;
}

/** Sends 2,000 of something, or as many as are taken; turns the loop, or nothing would be heard. */
async function flood(
  visitor: RawVisitor,
  send: (index: number) => void | Promise<void>,
): Promise<void> {
  for (let index = 0; index < 2_000 && visitor.closed === undefined; index++) {
    await send(index);
    if (index % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await eventually("the end", () => visitor.closed !== undefined);
}

Deno.test("Host: 2,000 questions, a flood of frames, frames too large: each is refused and forgotten", async (t) => {
  const gate = new Gate();
  await using model = startModelEndpoint({ script: { tokens: ["done"], pace: gate.pace } });
  await using place = await hostPlace();
  await place.writePod("pod");
  const host = await place.run("pod", "--provider-url", model.url);
  await using good = await place.visit("pod");
  const before = memoryMb(host.pid);
  await t.step(
    "2,000 questions of one visitor: four run, then it is told, then closed",
    async () => {
      await using visitor = await RawVisitor.visit(place.signalUrl, "pod");
      const ask = (index: number) => {
        const messages = [{ role: "user", content: `${index} ${"x".repeat(1_000)}` }];
        return visitor.send("gemmapod.chat.request", { request_id: `r${index}`, messages });
      };
      for (let index = 1; index <= 4; index++) await ask(-index);
      await model.request(3);
      await flood(visitor, ask);
      assert.deepEqual(visitor.errors().map(({ code, fatal }) => [code, fatal]), [
        ["rate_limited", undefined],
        ["rate_limited", true],
      ]);
      await eventually("it is gone", async () => await place.peers() === 1);
      assert.equal(model.requests.length, 4);
      for (const request of model.requests) assert.equal(await request.ended, "aborted");
    },
  );
  await t.step("a flood of frames", async () => {
    await using visitor = await RawVisitor.visit(place.signalUrl, "pod");
    await flood(visitor, () => visitor.send("dartc.ping", {}));
    const errors = visitor.errors();
    assert.deepEqual([errors[0]?.code, errors.at(-1)?.code], ["rate_limited", "rate_limited"]);
    assert.equal(errors.at(-1)?.fatal, true);
    assert.match(String(errors[0]?.message), /^Slow down/);
  });
  await t.step("a flood of what is no frame at all", async () => {
    await using visitor = await RawVisitor.visit(place.signalUrl, "pod");
    await flood(visitor, (index) => visitor.sendText(`{"no":"frame ${index}"}`));
    assert.equal(visitor.errors()[0]?.code, "invalid_frame");
    assert.equal(visitor.errors().at(-1)?.code, "rate_limited");
    assert.ok(visitor.errors().length <= 502, `${visitor.errors().length} answers`);
  });
  await t.step("a frame that is too large is refused, and the session goes on", async () => {
    await using visitor = await RawVisitor.visit(place.signalUrl, "pod");
    await visitor.send("dartc.ping", { filler: "x".repeat(300 * 1024) });
    await eventually("the refusal", () => visitor.errors().length === 1);
    assert.equal(visitor.errors()[0]?.code, "invalid_frame");
    const from = visitor.frames.length;
    await visitor.send("dartc.ping", {});
    await eventually("the answer to a ping", () => visitor.frames.length > from);
    assert.equal(visitor.frames.at(-1)?.topic, "dartc.ack");
  });
  await t.step("a question that is too long is refused with a sentence", async () => {
    const { error } = await good.ask("x".repeat(17_000));
    assert.equal(error?.code, "bad_chat_request");
    assert.match(error.message, /longer than 16000 characters/);
  });
  gate.open();
  assert.equal((await good.ask("Are you well?")).text, "done");
  const after = memoryMb(host.pid);
  assert.ok(!(after > before + MORE_MEMORY_MB), `${before} MB, then ${after} MB`);
});

Deno.test("Host: 256 visitors have room, the next is refused with a reason until one leaves", async () => {
  await using model = startModelEndpoint();
  await using place = await hostPlace();
  await place.writePod("pod");
  await place.run("pod", "--provider-url", model.url, "--parallel", "300");
  const all: NativeVisitor[] = [];
  await using visitors = new AsyncDisposableStack();
  visitors.defer(async () => void await Promise.all(all.map((visitor) => visitor.vanish())));
  while (all.length < 256) {
    all.push(...await Promise.all(Array.from({ length: 16 }, () => place.visit("pod"))));
  }
  assert.equal(await place.peers(), 256);
  await assert.rejects(place.visit("pod"), /too many visitors just now/);
  const answers = await Promise.all(all.map((visitor) => visitor.ask("Hello?")));
  assert.equal(answers.filter(({ text }) => text === "Hello from the endpoint.").length, 256);
  await all[0]?.[Symbol.asyncDispose]();
  await eventually("a place is free", async () => await place.peers() === 255);
  await using late = await place.visit("pod");
  assert.equal((await late.ask("Hello?")).text, "Hello from the endpoint.");
});
