import assert from "node:assert/strict";
import { originCard } from "../../../src/dartc/mod.ts";
import { type GemmaPodRuntime, memoryStorage } from "../../../src/runtime/mod.ts";
import { settled } from "./fake_clock.ts";
import { DARTC_CONFIG, fakeRuntime } from "./fake_runtime.ts";

const CARD = originCard({ id: "test-pod", name: "Test pod" });

Deno.test("a wrong config is a TypeError that names the key", () => {
  const { transport } = DARTC_CONFIG;
  const wrong: [string, object][] = [
    ["signalUrl", { transport: { dartc: { signalUrl: 7, podId: "p" } } }],
    ["name", { name: undefined }],
    ["transport", { transport: {} }],
    ["conversationId", { transport, conversationId: "no spaces" }],
  ];
  for (const [key, config] of wrong) {
    assert.throws(
      () => fakeRuntime({ config }),
      (error: Error) => error instanceof TypeError && error.message.includes(key),
      key,
    );
  }
});

Deno.test("a runtime has the members that embedders were promised", async () => {
  await using fake = fakeRuntime({ config: { persona: "Tests" } });
  const { runtime } = fake;
  assert.match(runtime.id, /^[0-9a-f]{32}$/);
  assert.equal(runtime.podId, "test-pod");
  assert.equal(runtime.manifest.persona, "Tests");
  assert.equal(runtime.getTransport(), null);
  assert.equal(runtime.a2a.card, null);
  assert.deepEqual(runtime.transport, {
    status: "idle",
    trace: [],
    dartcEvents: [],
    ownerVerified: false,
    attempt: 0,
  });
});

async function connected(): Promise<ReturnType<typeof fakeRuntime>> {
  const fake = fakeRuntime();
  await fake.runtime.connect();
  return fake;
}

Deno.test("STATE_SNAPSHOT and STATE_DELTA become the state, and are told", async () => {
  await using fake = await connected();
  const threadId = fake.runtime.conversationId;
  fake.transport().ui({ type: "STATE_SNAPSHOT", threadId, snapshot: { cart: [] } });
  const delta = [{ op: "add", path: "/cart/-", value: "soup" }];
  fake.transport().ui({ type: "STATE_DELTA", threadId, delta });
  assert.deepEqual(fake.runtime.state.get("/cart"), ["soup"]);
  const states = fake.events.filter(({ type }) => type === "state.changed");
  assert.deepEqual(states, [
    { type: "state.changed", state: { cart: [] } },
    { type: "state.changed", state: { cart: ["soup"] } },
  ]);
});

Deno.test("a delta that fails is a runtime.error and leaves the state as it was", async () => {
  await using fake = await connected();
  const threadId = fake.runtime.conversationId;
  const delta = [{ op: "add", path: "/a", value: 1 }, { op: "remove", path: "/nothing" }];
  fake.transport().ui({ type: "STATE_DELTA", threadId, delta });
  assert.deepEqual(fake.runtime.state.get(), {});
  const errors = fake.events.filter((event) => event.type === "runtime.error");
  assert.deepEqual(errors.map(({ code }) => code), ["bad_patch"]);
});

Deno.test("what belongs to another conversation is told, and changes nothing", async () => {
  await using fake = await connected();
  const threadId = "another-conversation-0123";
  fake.transport().ui({ type: "STATE_SNAPSHOT", threadId, snapshot: { secret: 1 } });
  const messages = [{ role: "user", content: "not mine" }];
  fake.transport().ui({ type: "MESSAGES_SNAPSHOT", threadId, messages });
  assert.deepEqual(fake.runtime.state.get(), {});
  assert.deepEqual(fake.runtime.chat.history(), []);
  assert.equal(fake.events.filter(({ type }) => type === "ui.event").length, 2);
});

Deno.test("MESSAGES_SNAPSHOT becomes the history, and a question on its way stays", async () => {
  await using fake = fakeRuntime();
  const answer = fake.runtime.chat.send("now?");
  await fake.runtime.connect();
  const threadId = fake.runtime.conversationId;
  fake.transport().ui({
    type: "MESSAGES_SNAPSHOT",
    threadId,
    messages: [{ role: "user", content: "before?" }, { role: "assistant", content: "yes" }],
  });
  assert.deepEqual(fake.runtime.chat.history().map(({ content }) => content), [
    "before?",
    "yes",
    "now?",
  ]);
  fake.transport().answer(0, ["later"]);
  await answer;
  assert.equal(fake.runtime.chat.history().at(-1)?.content, "later");
});

Deno.test("a card is told and kept, from discovery or from CUSTOM a2a.card", async () => {
  await using fake = await connected();
  fake.transport().context.emit({ type: "card", card: CARD });
  assert.deepEqual(fake.runtime.a2a.card, CARD);
  const threadId = fake.runtime.conversationId;
  const custom = (value: unknown) =>
    fake.transport().ui({ type: "CUSTOM", threadId, name: "a2a.card", value });
  custom({ ...CARD, name: "Other" });
  assert.equal(fake.runtime.a2a.card?.name, "Other");
  custom({ card: { ...CARD, name: "Nested" } });
  assert.equal(fake.runtime.a2a.card?.name, "Nested");
  custom({ name: "no card" });
  custom(null);
  assert.equal(fake.runtime.a2a.card?.name, "Nested");
  assert.equal(fake.events.filter(({ type }) => type === "a2a.card").length, 3);
});

Deno.test("an event of a later protocol is passed on as it is", async () => {
  await using fake = await connected();
  fake.transport().context.emit({ type: "ui-unknown", event: { type: "HOLOGRAM", depth: 3 } });
  const [last] = fake.events.slice(-1);
  assert.deepEqual(last, { type: "ui.event", event: { type: "HOLOGRAM", depth: 3 } });
});

Deno.test("a step of the ladder is told with its time, and kept", async () => {
  await using fake = await connected();
  fake.transport().context.emit({ type: "stage", stage: "dartc-offer", detail: "x" });
  const step = { stage: "dartc-offer", at: fake.clock.now(), detail: "x" };
  assert.deepEqual(fake.runtime.transport.dartcEvents, [step]);
  assert.deepEqual(fake.events.at(-1), { type: "transport.dartc", ...step });
});

Deno.test("mount() uses the face, and destroy() takes it away", async () => {
  const shown: string[] = [];
  const fake = fakeRuntime({
    adapter: {
      ui: {
        mount(target: unknown, runtime: GemmaPodRuntime) {
          shown.push(`${target} ${runtime.podId}`);
          return () => shown.push("gone");
        },
      },
    },
  });
  await fake.runtime.mount(null);
  await fake.runtime.destroy();
  assert.deepEqual(shown, ["null test-pod", "gone"]);
  await assert.rejects(fake.runtime.mount(null), { code: "destroyed" });
});

Deno.test("what a pod requires is asked for at mount(), and refused means no mount", async () => {
  for (const allows of [false, true]) {
    let shown = 0;
    await using fake = fakeRuntime({
      config: {
        capabilities: [
          { name: "storage.local", required: true },
          { name: "clipboard.write", required: true },
          { name: "file.save" },
        ],
      },
      adapter: {
        capabilities: ["storage.local"],
        ui: {
          mount(_target, runtime) {
            shown++;
            runtime.capabilities.onRequest = ({ name }) => name === "clipboard.write" && allows;
            return () => shown--;
          },
        },
      },
    });
    const mounted = fake.runtime.mount(null);
    if (allows) await mounted;
    else await assert.rejects(mounted, { code: "capability_refused" });
    assert.equal(shown, allows ? 1 : 0);
    assert.equal(fake.runtime.capabilities.has("clipboard.write"), allows);
    assert.equal(fake.runtime.capabilities.has("file.save"), false);
    await fake.runtime.destroy();
    assert.equal(shown, 0);
  }
});

Deno.test("mount() without a face warns once and does nothing", async () => {
  await using fake = fakeRuntime();
  const warned: unknown[] = [];
  const original = console.warn;
  console.warn = (...args) => warned.push(args);
  try {
    await fake.runtime.mount(null);
    await fake.runtime.mount(null);
  } finally {
    console.warn = original;
  }
  assert.equal(warned.length, 1);
});

Deno.test("another tab's turns appear when storage says so", async () => {
  const items = new Map<string, string>();
  const tabs: ((key: string) => void)[] = [];
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem(key: string, value: string) {
      items.set(key, value);
    },
    removeItem: (key: string) => void items.delete(key),
    onChange(handler: (key: string) => void) {
      tabs.push(handler);
      return () => {};
    },
  };
  await using one = fakeRuntime({ adapter: { storage } });
  await using two = fakeRuntime({ adapter: { storage } });
  assert.equal(one.runtime.conversationId, two.runtime.conversationId);
  one.runtime.chat.setHistory([{ role: "user", content: "from one" }]);
  for (const tell of tabs) tell("gemmapod:test-pod:conversation:v1");
  assert.deepEqual(two.runtime.chat.history().map(({ content }) => content), ["from one"]);
  assert.equal(one.events.filter(({ type }) => type === "chat.history").length, 1);
});

Deno.test("a page that comes out of the cache sees what other tabs wrote meanwhile", async () => {
  const storage = memoryStorage();
  await using sleeping = fakeRuntime({ adapter: { storage } });
  await using awake = fakeRuntime({ adapter: { storage } });
  sleeping.signal("pagehide");
  awake.runtime.chat.setHistory([{ role: "user", content: "meanwhile" }]);
  sleeping.signal("pageshow");
  assert.deepEqual(sleeping.runtime.chat.history().map(({ content }) => content), ["meanwhile"]);
});

Deno.test("history() and chat.history give copies", async () => {
  await using fake = fakeRuntime({ config: DARTC_CONFIG });
  fake.runtime.chat.setHistory([{ role: "user", content: "x" }]);
  fake.runtime.chat.history().splice(0);
  assert.equal(fake.runtime.chat.history().length, 1);
});

Deno.test("destroy() while the visitor is asked takes the face away once", async () => {
  let shown = 0;
  const { promise: answer, resolve } = Promise.withResolvers<boolean>();
  const fake = fakeRuntime({
    config: { capabilities: [{ name: "clipboard.write", required: true }] },
    adapter: {
      ui: {
        mount(_target, runtime) {
          shown++;
          runtime.capabilities.onRequest = () => answer;
          return () => {
            shown--;
            resolve(false); // as the widget does
          };
        },
      },
    },
  });
  const mounted = assert.rejects(fake.runtime.mount(null), { code: "capability_refused" });
  await settled();
  await fake.runtime.destroy();
  await mounted;
  assert.equal(shown, 0);
});

Deno.test("a headless embedder asks for what the pod requires", async () => {
  await using fake = fakeRuntime({
    config: {
      capabilities: [{ name: "storage.local", required: true }, {
        name: "ui.render",
        required: true,
      }],
    },
    adapter: { capabilities: ["storage.local"] },
  });
  const { capabilities } = fake.runtime;
  await assert.rejects(capabilities.requestRequired(), { code: "capability_refused" });
  const asked: string[] = [];
  capabilities.onRequest = ({ name, required }) => asked.push(`${name} ${required}`) > 0;
  await capabilities.requestRequired();
  assert.deepEqual(asked, ["ui.render true"]);
  assert.ok(capabilities.has("ui.render"));
  await capabilities.requestRequired();
  assert.equal(asked.length, 1);
});

Deno.test("what a page does after destroy() is kept, and told to nobody", async () => {
  const storage = memoryStorage();
  const fake = fakeRuntime({ adapter: { storage } });
  const { runtime } = fake;
  runtime.chat.setHistory([{ role: "user", content: "said" }]);
  await runtime.destroy();
  const heard = fake.events.length;
  await runtime.state.set("/a", 1);
  await assert.rejects(runtime.state.set("/b/c", 1), { code: "bad_patch" });
  await runtime.chat.clear();
  assert.equal(fake.events.length, heard);
  await using after = fakeRuntime({ adapter: { storage } });
  assert.equal(after.runtime.conversationId, runtime.conversationId);
  assert.deepEqual(after.runtime.chat.history(), []);
});

Deno.test("destroy() lets go of storage and lifecycle", async () => {
  let listening = 0;
  const listen = () => {
    listening++;
    return () => void listening--;
  };
  const { runtime } = fakeRuntime({
    adapter: {
      storage: { ...memoryStorage(), onChange: listen },
      lifecycle: { isOnline: () => true, subscribe: listen },
    },
  });
  assert.equal(listening, 2);
  await runtime.destroy();
  assert.equal(listening, 0);
});
