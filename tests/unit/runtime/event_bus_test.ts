import assert from "node:assert/strict";
import { createEventBus } from "../../../src/runtime/event_bus.ts";
import type { RuntimeEvent } from "../../../src/runtime/mod.ts";

const READY: RuntimeEvent = { type: "runtime.ready", transport: "dartc" };

Deno.test("on() hears every event of its type until it is stopped, in the order of arrival", () => {
  const bus = createEventBus();
  const heard: string[] = [];
  const stop = bus.on("runtime.ready", ({ transport }) => heard.push(`a ${transport}`));
  bus.on("runtime.ready", () => heard.push("b"));
  bus.on("runtime.destroyed", () => heard.push("no"));
  bus.emit(READY);
  stop();
  stop();
  bus.emit(READY);
  assert.deepEqual(heard, ["a dartc", "b", "b"]);
});

Deno.test("once() hears one event, also when its handler emits the same type", () => {
  const bus = createEventBus();
  let heard = 0;
  bus.once("runtime.ready", () => {
    heard++;
    bus.emit(READY);
  });
  bus.emit(READY);
  assert.equal(heard, 1);
  const stop = bus.once("runtime.ready", () => heard++);
  stop();
  bus.emit(READY);
  assert.equal(heard, 1);
});

Deno.test("a handler that throws is reported and keeps nobody from hearing", () => {
  const bus = createEventBus();
  const heard: string[] = [];
  bus.on("runtime.error", ({ code, message }) => heard.push(`${code}: ${message}`));
  bus.on("runtime.ready", () => {
    throw new Error("mine");
  });
  bus.on("runtime.ready", () => heard.push("second"));
  bus.emit(READY);
  assert.deepEqual(heard, ["handler_failed: A handler of runtime.ready failed: mine", "second"]);
});

Deno.test("a handler of runtime.error that throws does not call itself for ever", () => {
  const bus = createEventBus();
  const written: unknown[] = [];
  const original = console.error;
  console.error = (...args) => written.push(args);
  try {
    bus.on("runtime.error", () => {
      throw new Error("again");
    });
    bus.emit({ type: "runtime.error", error: new Error("x"), code: "x", message: "x" });
  } finally {
    console.error = original;
  }
  assert.equal(written.length, 1);
});

Deno.test("handlers may come and go while an event is told", () => {
  const bus = createEventBus();
  const heard: string[] = [];
  const stop = bus.on("runtime.ready", () => {
    heard.push("a");
    stop();
    bus.on("runtime.ready", () => heard.push("late"));
  });
  bus.on("runtime.ready", () => heard.push("b"));
  bus.emit(READY);
  assert.deepEqual(heard, ["a", "b"]);
});

Deno.test("what a handler emits is told when all have heard the event before", () => {
  const bus = createEventBus();
  const heard: string[] = [];
  bus.on("runtime.ready", ({ transport }) => {
    heard.push(`a ${transport}`);
    if (transport === "dartc") bus.emit({ type: "runtime.ready", transport: "direct" });
  });
  bus.on("runtime.ready", ({ transport }) => heard.push(`b ${transport}`));
  bus.emit(READY);
  assert.deepEqual(heard, ["a dartc", "b dartc", "a direct", "b direct"]);
});

Deno.test("handlers that answer each other for ever are given up, and the bus goes on", () => {
  const bus = createEventBus();
  const written: unknown[] = [];
  const original = console.error;
  console.error = (...args) => written.push(args);
  let heard = 0;
  const stop = bus.on("runtime.ready", () => {
    heard++;
    bus.emit(READY);
  });
  try {
    bus.emit(READY);
  } finally {
    console.error = original;
  }
  stop();
  assert.equal(heard, 10_000);
  assert.equal(written.length, 1);
  bus.on("runtime.ready", () => heard = -1);
  bus.emit(READY);
  assert.equal(heard, -1);
});

Deno.test("a page that cannot even be told of an error has a bus all the same", () => {
  const bus = createEventBus();
  const original = console.error;
  console.error = () => {
    throw new Error("no console");
  };
  const stop = bus.on("runtime.error", () => {
    throw new Error("mine");
  });
  const event = { type: "runtime.error", error: new Error("x"), code: "x", message: "x" } as const;
  try {
    assert.throws(() => bus.emit(event), { message: "no console" });
  } finally {
    console.error = original;
  }
  stop();
  let heard = 0;
  bus.on("runtime.ready", () => heard++);
  bus.emit(READY);
  assert.equal(heard, 1);
});
