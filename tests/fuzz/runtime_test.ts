import assert from "node:assert/strict";
import { fc } from "../libraries/fast_check.ts";
import { CodedError } from "../../src/base/mod.ts";
import { memoryStorage, type RuntimeEvent, type StorageAdapter } from "../../src/runtime/mod.ts";
import { settled } from "../unit/runtime/fake_clock.ts";
import { DARTC_CONFIG, type FakeRuntime, fakeRuntime } from "../unit/runtime/fake_runtime.ts";
import type { FakeTransport } from "../unit/runtime/fake_transport.ts";

const asked = Deno.env.get("GEMMAPOD_FUZZ_RUNS");
const numRuns = Number(asked ?? "200");

/** The same lives each time, but where somebody goes looking for others. */
const seed = asked === undefined ? { seed: 1 } : {};

/** What a page, its visitor, its Host or its network may do, in any order. */
const ACTIONS = {
  ask: (tab, n) => tab.ask(n),
  stop: (tab, n) => pick(tab.asked, n)?.abort(),
  say: (tab, n) => {
    tab.answered(n, ({ context }, { runId }) => {
      const kind = n % 3 === 0 ? "reasoning" : "text";
      context.emit({ type: "delta", runId, delta: "x".repeat(n % 4), kind });
    });
  },
  finish: (tab, n) => {
    tab.answered(n, ({ context }, { runId }) => {
      const how = n % 5 === 0 ? { finishReason: "cancelled" } : {};
      context.emit({ type: "done", runId, ...how });
    });
  },
  fail: (tab, n) => {
    tab.answered(n, ({ context }, { runId }) => {
      context.emit({ type: "failed", runId, error: new CodedError("chat_failed", "no") });
    });
  },
  runError: (tab, n) => {
    tab.answered(n, (transport, { runId, conversationId: threadId }) => {
      transport.ui({ type: "RUN_ERROR", threadId, runId, message: "no" });
    });
  },
  nameAnswer: (tab, n) => {
    tab.answered(n, (transport, { runId, conversationId: threadId }) => {
      const messageId = pick(tab.runtime.chat.history(), n)?.id ?? "same";
      transport.ui({ type: "TEXT_MESSAGE_START", threadId, runId, messageId, role: "assistant" });
    });
  },
  snapshot: (tab, n) => {
    const known = tab.runtime.chat.history().slice(0, n % 5)
      .map(({ id, role, content }) => n % 2 === 0 ? { id, role, content } : { role, content });
    const messages = [...known, { role: "user", content: `h${n % 3}` }];
    const threadId = tab.runtime.conversationId;
    tab.transport(n)?.ui({ type: "MESSAGES_SNAPSHOT", threadId, messages, truncated: n % 3 === 0 });
  },
  drop: (tab, n) => {
    const transport = tab.transport(n);
    if (transport?.state === "ready") transport.drop();
  },
  connect: (tab) => void tab.runtime.connect().catch(() => {}),
  answerCalls: (tab) => tab.calls.splice(0).forEach((answer) => answer()),
  clear: (tab) => void tab.runtime.chat.clear(),
  open: (tab, n) => {
    const id = pick(tab.runtime.chat.conversations(), n)?.conversationId ?? "";
    tab.runtime.chat.open(id).catch(() => {});
  },
  forget: (tab, n) => {
    const id = pick(tab.runtime.chat.conversations(), n)?.conversationId ?? "";
    void tab.runtime.chat.forget(id);
  },
  edit: (tab, n) => {
    const { chat } = tab.runtime;
    chat.setHistory(chat.history().filter((_, index) => index % 3 !== n % 5));
  },
  setState: (tab, n) => void tab.runtime.state.set("/n", n),
  signal: (tab, n) => {
    const signals = ["online", "offline", "visible", "pagehide", "pageshow"] as const;
    tab.fake.online = n % 3 !== 0;
    tab.fake.signal(pick(signals, n) ?? "online");
  },
  destroy: (tab) => void tab.runtime.destroy(),
} satisfies Record<string, (tab: Tab, n: number) => void>;

const TOLD: readonly RuntimeEvent["type"][] = [
  "chat.history",
  "transport.updated",
  "transport.connecting",
  "runtime.error",
  "runtime.ready",
  "ui.event",
  "state.changed",
];

const action = fc.record({
  // Asking and answering more often than the rest, and the end seldom.
  what: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom("ask", "say", "finish") },
    { weight: 60, arbitrary: fc.constantFrom(...Object.keys(ACTIONS).filter(isNoEnd)) },
    { weight: 1, arbitrary: fc.constant("destroy") },
  ),
  n: fc.nat(1_000),
});

/** One thing after another in two tabs, and what handlers of the events do when they are told. */
const life = fc.record({
  steps: fc.array(
    fc.record({ tab: fc.nat(1), action, wait: fc.constantFrom(0, 0, 1, 300, 3_000) }),
    { minLength: 5, maxLength: 80 },
  ),
  handlers: fc.array(
    fc.record({ tab: fc.nat(1), type: fc.constantFrom(...TOLD), skip: fc.nat(5), action }),
    { maxLength: 6 },
  ),
  connects: fc.array(fc.constantFrom("stands", "fails", "waits"), { minLength: 1, maxLength: 20 }),
});

Deno.test(`whatever happens in whatever order, a runtime comes to an end (${numRuns} lives)`, async () => {
  const lives = fc.asyncProperty(life, async ({ steps, handlers, connects }) => {
    const storage = memoryStorage();
    const tabs = [new Tab(storage, connects), new Tab(storage, connects)];
    for (const { tab, type, skip, action } of handlers) {
      let heard = 0;
      pick(tabs, tab)?.runtime.events.on(type, () => {
        if (heard++ === skip) pick(tabs, tab)?.do(action);
      });
    }
    for (const { tab, action, wait } of steps) {
      pick(tabs, tab)?.do(action);
      await pick(tabs, tab)?.fake.clock.advance(wait);
      for (const one of tabs) one.assertHistoryIsOne();
    }
    for (const tab of tabs) await tab.assertEnds();
  });
  await fc.assert(lives, { numRuns, ...seed });
});

/** A runtime with all that is around it. */
class Tab {
  readonly fake: FakeRuntime;
  readonly asked: AbortController[] = [];
  /** Answers the connections that wait. */
  readonly calls: (() => void)[] = [];
  #unanswered = 0;
  #made = 0;

  constructor(storage: StorageAdapter, connects: readonly string[]) {
    let connected = 0;
    this.fake = fakeRuntime({
      config: { transport: { ...DARTC_CONFIG.transport, direct: { baseUrl: "http://x" } } },
      adapter: { storage },
      prepare: (transport) => {
        this.#made++;
        transport.onConnect = () => this.#connect(pick(connects, connected++) ?? "");
      },
    });
  }

  get runtime() {
    return this.fake.runtime;
  }

  do({ what, n }: { what: string; n: number }): void {
    // The names of these actions and no others.
    ACTIONS[what as keyof typeof ACTIONS](this, n);
  }

  /** One of the transports that were made. */
  transport(n: number): FakeTransport | undefined {
    if (this.#made === 0) return undefined;
    return this.fake.transport(this.#made > 1 && n % 2 === 0 ? "direct" : "dartc");
  }

  ask(n: number): void {
    const controller = new AbortController();
    this.asked.push(controller);
    this.#unanswered++;
    this.runtime.chat.send({ text: `q${n}`, signal: controller.signal })
      .catch(() => {})
      .finally(() => this.#unanswered--);
  }

  answered(
    n: number,
    answer: (transport: FakeTransport, request: FakeTransport["asked"][number]) => void,
  ): void {
    const transport = this.transport(n);
    if (transport === undefined) return;
    const request = pick(transport.asked, n);
    if (request !== undefined) answer(transport, request);
  }

  assertHistoryIsOne(): void {
    const ids = this.runtime.chat.history().map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, "two messages have one id");
  }

  async assertEnds(): Promise<void> {
    const { fake, runtime } = this;
    await runtime.destroy();
    await settled();
    assert.equal(this.#unanswered, 0, "somebody waits for an answer");
    assert.equal(fake.clock.waiting, 0, "a timer is left");
    assert.deepEqual(runtime.chat.active(), []);
    assert.equal(runtime.transport.status, "destroyed");
    assert.equal(runtime.getTransport(), null);
    const ends = fake.events.filter(({ type }) => type === "runtime.destroyed").length;
    assert.equal(ends, 1);
    assert.equal(fake.events.at(-1)?.type, "runtime.destroyed");
  }

  #connect(how: string): Promise<void> {
    if (how === "fails") return Promise.reject(new CodedError("origin_offline", "nobody home"));
    if (how === "stands") return Promise.resolve();
    return new Promise((resolve) => this.calls.push(resolve));
  }
}

/** One of a list, also beyond its end. */
function pick<T>(list: readonly T[], n: number): T | undefined {
  return list[n % list.length];
}

function isNoEnd(name: string): boolean {
  return name !== "destroy";
}
