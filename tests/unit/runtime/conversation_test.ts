import assert from "node:assert/strict";
import { Conversation } from "../../../src/runtime/conversation.ts";
import { ConversationStorage } from "../../../src/runtime/conversation_storage.ts";
import {
  type HistoryMessage,
  memoryStorage,
  type StorageAdapter,
} from "../../../src/runtime/mod.ts";
import { fakeClock } from "./fake_clock.ts";

const KEY = "gemmapod:pod:conversation:v1";
const EARLIER_KEY = "gemmapod:pod:conversations:v1";

function open(storage: StorageAdapter, conversationId?: string, clock = fakeClock()) {
  const changes: string[][] = [];
  const conversation: Conversation = new Conversation({
    storage: new ConversationStorage(storage, "pod"),
    clock,
    ...conversationId !== undefined && { conversationId },
    onChange: () => changes.push(ids(conversation.messages)),
  });
  return { conversation, changes };
}

function said(id: string, content = id): HistoryMessage {
  return { id, role: id.startsWith("u") ? "user" : "assistant", content, status: "done" };
}

function ids(messages: readonly HistoryMessage[]): string[] {
  return messages.map(({ id }) => id);
}

Deno.test("a conversation has an id that is hard to guess, and comes back with its turns", () => {
  const storage = memoryStorage();
  const first = open(storage).conversation;
  assert.match(first.id, /^[A-Za-z0-9_:.-]{20,128}$/);
  assert.notEqual(first.id, open(memoryStorage()).conversation.id);
  first.append([said("u1"), said("a1")]);
  const second = open(storage).conversation;
  assert.equal(second.id, first.id);
  assert.deepEqual(second.messages, first.messages);
});

Deno.test("the stored form has conversationId and messages at its top", () => {
  const storage = memoryStorage();
  const { conversation } = open(storage);
  conversation.append([said("u1")]);
  const stored = JSON.parse(storage.getItem(KEY) ?? "");
  assert.equal(stored.conversationId, conversation.id);
  assert.equal(stored.messages[0].content, "u1");
});

Deno.test("a store of another implementation is read: role and content are enough", () => {
  const storage = memoryStorage();
  storage.setItem(
    KEY,
    JSON.stringify({
      conversationId: "of-another-implementation",
      messages: [{ role: "user", content: "hi" }, { role: "robot", content: "?" }, null, {
        role: "assistant",
        content: "hello",
        status: "streaming",
      }],
    }),
  );
  const { conversation } = open(storage);
  assert.equal(conversation.id, "of-another-implementation");
  assert.deepEqual(conversation.messages.map(({ content, status }) => [content, status]), [
    ["hi", "done"],
    ["hello", "done"],
  ]);
  conversation.append([said("u2")]);
  assert.equal(conversation.messages.length, 3, "messages without an id are not doubled");
});

for (
  const [what, text] of [
    ["no JSON", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["no id", '{"messages":[]}'],
    ["an id that no Host takes", '{"conversationId":"a b","messages":[]}'],
    ["messages that are none", '{"conversationId":"abcdefghijklmnopqrstuv","messages":7}'],
    ["a prototype", '{"__proto__":{"conversationId":"abcdefghijklmnopqrstuv","messages":[]}}'],
    ["a record of a later version", '{"version":2,"id":"abcdefghijklmnopqrstuv","turns":[]}'],
  ]
) {
  Deno.test(`a store that holds ${what} is survived`, () => {
    const storage = memoryStorage();
    storage.setItem(KEY, text ?? "");
    storage.setItem(EARLIER_KEY, text ?? "");
    const { conversation } = open(storage);
    conversation.append([said("u1")]);
    assert.deepEqual(ids(open(storage).conversation.messages), ["u1"]);
  });
}

Deno.test("a storage that throws at every touch is survived: the conversation lives in memory", () => {
  const refuse = () => {
    throw new DOMException("blocked", "SecurityError");
  };
  const { conversation, changes } = open({ getItem: refuse, setItem: refuse, removeItem: refuse });
  conversation.append([said("u1")]);
  conversation.answer(conversation.id, "u1", said("a1"));
  conversation.refresh();
  assert.deepEqual(ids(conversation.messages), ["u1", "a1"]);
  assert.equal(changes.length, 2);
  conversation.begin();
  assert.deepEqual(ids(conversation.messages), []);
});

Deno.test("a storage that is full keeps the newest turns, and memory all of them", () => {
  const items = new Map<string, string>();
  const storage: StorageAdapter = {
    getItem: (key) => items.get(key) ?? null,
    setItem(key, value) {
      if (value.length > 2_000) throw new DOMException("full", "QuotaExceededError");
      items.set(key, value);
    },
    removeItem: (key) => void items.delete(key),
  };
  const { conversation } = open(storage);
  for (let turn = 0; turn < 40; turn++) conversation.append([said(`u${turn}`, "x".repeat(50))]);
  assert.equal(conversation.messages.length, 40);
  const kept = ids(open(storage).conversation.messages);
  assert(kept.length > 5 && kept.length < 40, `${kept.length} were kept`);
  assert.equal(kept.at(-1), "u39");
});

Deno.test("an answer of megabytes is shortened in storage, and takes no other turn with it", () => {
  const storage = memoryStorage();
  const { conversation } = open(storage);
  conversation.append([said("u1"), said("a1", "x".repeat(2_000_000)), said("u2"), said("a2")]);
  assert.equal(conversation.messages[1]?.content.length, 2_000_000);
  const kept = open(storage).conversation.messages;
  assert.deepEqual(ids(kept), ["u1", "a1", "u2", "a2"]);
  assert.equal(kept[1]?.content.length, 100_001);
});

Deno.test("two tabs do not overwrite each other's turns", () => {
  const storage = memoryStorage();
  const one = open(storage);
  const two = open(storage);
  one.conversation.append([said("u1")]);
  two.conversation.append([said("u2")]);
  one.conversation.answer(one.conversation.id, "u1", said("a1"));
  two.conversation.answer(two.conversation.id, "u2", said("a2"));
  assert.deepEqual(ids(open(storage).conversation.messages), ["u1", "a1", "u2", "a2"]);
  one.conversation.refresh();
  assert.deepEqual(one.changes.at(-1), ["u1", "a1", "u2", "a2"]);
  const heard = one.changes.length;
  one.conversation.refresh();
  assert.equal(one.changes.length, heard, "nothing new, nothing told");
});

Deno.test("what one tab removes does not come back from the other", () => {
  const storage = memoryStorage();
  const one = open(storage).conversation;
  one.append([said("u1"), said("a1"), said("u2"), said("a2")]);
  const two = open(storage).conversation;
  one.replace(one.messages.slice(0, 2));
  two.append([said("u3")]);
  assert.deepEqual(ids(two.messages), ["u1", "a1", "u3"]);
});

Deno.test("two tabs that write at the same moment lose no turn: what was written over comes back", async () => {
  const shared = memoryStorage();
  /** A process that does not see the other's writes before its own. */
  function late(): StorageAdapter & { look(): void } {
    const items = new Map<string, string | null>();
    const look = () => [KEY, EARLIER_KEY].forEach((key) => items.set(key, shared.getItem(key)));
    look();
    return {
      ...shared,
      look,
      getItem: (key) => items.get(key) ?? null,
      setItem(key, value) {
        items.set(key, value);
        shared.setItem(key, value);
      },
    };
  }
  open(shared).conversation.append([said("u0"), said("a0")]);
  const clock = fakeClock();
  const storages = [late(), late()] as const;
  const [one, two] = storages.map((storage) => open(storage, undefined, clock).conversation);
  assert(one !== undefined && two !== undefined);
  one.append([{ ...said("u1"), createdAt: 1 }, said("a1")]);
  two.append([{ ...said("u2"), createdAt: 2 }, said("a2")]);
  assert.equal(shared.getItem(KEY)?.includes("u1"), false, "the later write won");
  for (const [index, conversation] of [one, two].entries()) {
    storages[index]?.look();
    conversation.refresh();
  }
  storages[1].look();
  two.refresh();
  const all = ["u0", "a0", "u1", "a1", "u2", "a2"];
  assert.deepEqual(ids(one.messages), all);
  assert.deepEqual(ids(two.messages), all);
  assert.deepEqual(ids(open(shared).conversation.messages), all);

  await clock.advance(60_000);
  storages[0].look();
  shared.removeItem(KEY);
  storages[0].look();
  one.refresh();
  assert.equal(shared.getItem(KEY), null, "what is taken away later stays away");
});

Deno.test("what was removed can be put back, and the other tab sees it", () => {
  const storage = memoryStorage();
  const one = open(storage).conversation;
  one.append([said("u1"), said("a1")]);
  const two = open(storage).conversation;
  const before = one.messages;
  one.replace([]);
  two.refresh();
  assert.deepEqual(ids(two.messages), []);
  one.replace(before);
  two.refresh();
  assert.deepEqual(ids(two.messages), ["u1", "a1"]);
});

Deno.test("kept conversations are listed newest first, by their last change", async () => {
  const clock = fakeClock();
  const storage = memoryStorage();
  const { conversation } = open(storage, undefined, clock);
  const titles = () => conversation.list().map(({ title, updatedAt }) => [title, updatedAt]);
  const start = clock.now();
  conversation.append([said("u1")]);
  const first = conversation.id;
  await clock.advance(1_000);
  conversation.begin();
  conversation.append([said("u2")]);
  await clock.advance(1_000);
  conversation.open(first);
  assert.deepEqual(titles(), [["u2", start + 1_000], ["u1", start]]);
  conversation.append([said("u3")]);
  assert.deepEqual(titles(), [["u1", start + 2_000], ["u2", start + 1_000]]);
});

Deno.test("a new conversation in one tab leaves the other tab's where it can be found", () => {
  const storage = memoryStorage();
  const one = open(storage).conversation;
  one.append([said("u1", "What is this?")]);
  const two = open(storage).conversation;
  one.begin();
  one.append([said("u9")]);
  two.answer(two.id, "u1", said("a1"));
  const later = open(storage).conversation;
  assert.equal(later.id, one.id);
  assert.deepEqual(ids(later.messages), ["u9"]);
  const kept = later.list();
  assert.deepEqual(kept.map(({ title, messages }) => [title, messages]), [
    ["u9", 1],
    ["What is this?", 2],
  ]);
  later.open(two.id);
  assert.deepEqual(ids(later.messages), ["u1", "a1"]);
});

Deno.test("earlier conversations can be opened and forgotten", () => {
  const storage = memoryStorage();
  const { conversation, changes } = open(storage);
  conversation.append([said("u1")]);
  const first = conversation.id;
  conversation.begin();
  const second = conversation.id;
  assert.notEqual(second, first);
  conversation.append([said("u2")]);
  conversation.open(first);
  assert.deepEqual(conversation.list().map(({ conversationId }) => conversationId), [
    first,
    second,
  ]);
  const heard = changes.length;
  conversation.forget(second);
  assert.equal(changes.length, heard + 1);
  assert.throws(() => conversation.open(second), { code: "unknown_conversation" });
  conversation.forget(first);
  assert.notEqual(conversation.id, first);
  assert.equal(conversation.list().length, 1);
  assert.equal(storage.getItem(KEY)?.includes("u1"), false);
});

Deno.test("an answer to a conversation that was left is kept there", () => {
  const storage = memoryStorage();
  const { conversation } = open(storage);
  conversation.append([said("u1")]);
  const first = conversation.id;
  conversation.begin();
  conversation.answer(first, "u1", said("a1"));
  assert.deepEqual(ids(conversation.messages), []);
  conversation.open(first);
  assert.deepEqual(ids(conversation.messages), ["u1", "a1"]);
});

Deno.test("earlier conversations are kept up to a number, and only those with a turn", () => {
  const storage = memoryStorage();
  const { conversation } = open(storage);
  for (let turn = 0; turn < 30; turn++) {
    conversation.append([said(`u${turn}`)]);
    conversation.begin();
    conversation.begin();
  }
  assert.equal(conversation.list().length, 21);
});

Deno.test("a conversation that the config names is taken up, beside the stored one", () => {
  const storage = memoryStorage();
  const { conversation } = open(storage);
  conversation.append([said("u1")]);
  const named = open(storage, "named-by-the-page-0123456789").conversation;
  assert.equal(named.id, "named-by-the-page-0123456789");
  named.append([said("u2")]);
  assert.deepEqual(ids(open(storage, named.id).conversation.messages), ["u2"]);
  assert.deepEqual(ids(open(storage, conversation.id).conversation.messages), ["u1"]);
});

Deno.test("a hostile record adds nothing to what a record holds, and has an end", () => {
  const storage = memoryStorage();
  const messages = Array.from({ length: 6_000 }, (_, index) => ({
    role: "user",
    content: `${index}`,
    createdAt: 1e300,
    extra: "x",
  }));
  const record = JSON.stringify({
    conversationId: "a".repeat(32),
    updatedAt: 1e300,
    removed: Array.from({ length: 2_000 }, (_, index) => `r${index}`),
    messages,
  });
  storage.setItem(KEY, `${record.slice(0, -1)},"__proto__":{"polluted":true}}`);
  const { conversation } = open(storage);
  assert.equal(conversation.messages.length, 5_000);
  assert.equal(conversation.messages.at(-1)?.content, "5999");
  assert.deepEqual(Object.keys(conversation.messages[0] ?? {}), [
    "id",
    "role",
    "content",
    "status",
  ]);
  for (const { updatedAt } of conversation.list()) new Date(updatedAt).toISOString();
  conversation.append([said("u1")]);
  const stored = JSON.parse(storage.getItem(KEY) ?? "");
  assert.ok(stored.removed.length <= 1_000);
  assert.equal("polluted" in {}, false);
  assert.equal(Object.hasOwn(stored, "__proto__"), false);
});

Deno.test("thoughts of megabytes are shortened in storage like an answer", () => {
  const storage = memoryStorage();
  const { conversation } = open(storage);
  const long = "x".repeat(2_000_000);
  const failed = { ...said("a1"), status: "error" as const, reasoning: long };
  conversation.append([
    said("u1"),
    { ...failed, error: { code: "chat_failed", message: long } },
    said("u2"),
    said("a2"),
  ]);
  const kept = open(storage).conversation.messages;
  assert.deepEqual(ids(kept), ["u1", "a1", "u2", "a2"]);
  assert.equal(kept[1]?.reasoning?.length, 100_001);
  assert.equal(kept[1]?.error?.message.length, 100_001);
});

Deno.test("a history that grows without an end loses its oldest messages, never its last", () => {
  const { conversation } = open(memoryStorage());
  const megabyte = "x".repeat(1_000_000);
  const many = Array.from({ length: 40 }, (_, index) => said(`u${index}`, megabyte));
  conversation.replace(many);
  assert.equal(conversation.messages.length, 32);
  assert.equal(conversation.messages.at(-1)?.id, "u39");
  conversation.replace([said("u1"), said("u2", megabyte.repeat(33))]);
  assert.deepEqual(ids(conversation.messages), ["u2"]);
});
