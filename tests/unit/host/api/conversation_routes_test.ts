import assert from "node:assert/strict";
import { CodedError } from "../../../../src/base/mod.ts";
import type { ApiPeer } from "../../../../src/host/api/api_host.ts";
import type { LocalQuestion } from "../../../../src/host/pods/local_chat.ts";
import type { NewMessage } from "../../../../src/host/store/conversation_store.ts";
import { openMemoryStore } from "../../../../src/host/store/memory_store.ts";
import { fakeApi, fakePod } from "./fake_host.ts";

const said = (id: string, role: "user" | "assistant", content: string): NewMessage => (
  { id, role, content, status: "done" }
);

function storeWith(conversationId: string) {
  const store = openMemoryStore({ now: () => 42 });
  store.appendTurn({
    podId: "pod",
    conversationId,
    messages: [said("q", "user", "Hello?"), said("a", "assistant", "Hello!")],
  });
  return store;
}

const MESSAGES = [
  { id: "q", role: "user", content: "Hello?", status: "done", createdAt: 42 },
  { id: "a", role: "assistant", content: "Hello!", status: "done", createdAt: 42 },
];

Deno.test("conversations are listed, read and deleted", async () => {
  const conversationId = "a conversation/with a ?";
  const { ask } = fakeApi({ conversations: storeWith(conversationId) });
  const path = `/api/v1/pods/pod/conversations`;
  const one = `${path}/${encodeURIComponent(conversationId)}`;
  assert.deepEqual(await (await ask(path)).json(), {
    conversations: [{ conversationId, createdAt: 42, updatedAt: 42, messages: 2 }],
    total: 1,
  });
  assert.deepEqual(await (await ask(`${one}/messages`)).json(), { messages: MESSAGES });
  assert.deepEqual(await (await ask(`${one}/messages?newest=1`)).json(), {
    messages: MESSAGES.slice(1),
  });
  for (const wrong of ["0", "-1", "x", "1e9", "10000"]) {
    assert.equal((await ask(`${one}/messages?newest=${wrong}`)).status, 400, wrong);
  }
  const gone = await ask(one, { method: "DELETE" });
  assert.deepEqual([gone.status, await gone.json()], [200, { ok: true }]);
  assert.equal((await ask(one, { method: "DELETE" })).status, 404);
  assert.equal((await ask(`${one}/messages`)).status, 404);
  assert.deepEqual(await (await ask(path)).json(), { conversations: [], total: 0 });
  assert.equal((await ask("/api/v1/pods/other/conversations")).status, 404);
  assert.equal((await ask("/api/v1/pods/other/conversations/c", { method: "DELETE" })).status, 404);
});

Deno.test("of many conversations the newest are listed, and how many there are", async () => {
  const { messages, clear } = openMemoryStore();
  const list = (podId: string, { newest = 20_000 } = {}) =>
    Array.from({ length: newest }, (_, index) => (
      { podId, conversationId: `${index}`, createdAt: 1, updatedAt: 1, messages: 1 }
    ));
  const { ask } = fakeApi({ conversations: { list, count: () => 20_000, messages, clear } });
  for (const [query, listed] of [["", 1_000], ["?newest=3", 3]] as const) {
    const { conversations, total } = await (await ask(`/api/v1/pods/pod/conversations${query}`))
      .json();
    assert.deepEqual([conversations.length, total], [listed, 20_000]);
  }
});

Deno.test("a database that cannot be read just now is a 503", async () => {
  const locked = () => {
    throw new Error("database is locked");
  };
  const conversations = { list: locked, count: locked, messages: locked, clear: locked };
  const { ask } = fakeApi({ conversations });
  for (
    const [method, path] of [["GET", ""], ["GET", "/c/messages"], ["DELETE", "/c"]] as const
  ) {
    const response = await ask(`/api/v1/pods/pod/conversations${path}`, { method });
    assert.equal(response.status, 503);
    assert.match((await response.json()).error, /database is locked/);
  }
});

Deno.test("peers are listed, with the conversation of each; one that left is a 404", async () => {
  const listing = {
    id: "peer/1",
    conversationId: "c",
    connectedAt: 42,
    visitor: "ab",
    manifestOk: true,
    runs: 0,
  };
  const peer: ApiPeer = {
    listing: () => listing,
    messages: () => storeWith("c").messages("pod", "c", { newest: 9 }),
  };
  const pod = fakePod({
    peers: new Map([["peer/1", peer]]),
    localMessages: () => storeWith("local:x").messages("pod", "local:x", { newest: 1 }),
  });
  const { ask } = fakeApi({}, { pod });
  const path = "/api/v1/pods/pod/peers";
  assert.deepEqual(await (await ask(path)).json(), { peers: [listing] });
  assert.deepEqual(await (await ask(`${path}/peer%2F1/messages`)).json(), { messages: MESSAGES });
  assert.deepEqual(await (await ask(`${path}/local:x/messages`)).json(), {
    messages: MESSAGES.slice(1),
  });
  assert.equal((await ask(`${path}/gone/messages`)).status, 404);
  assert.equal((await ask("/api/v1/pods/other/peers")).status, 404);
});

Deno.test("POST …/chat takes a question, always into a conversation of the owner's own", async () => {
  const asked: LocalQuestion[] = [];
  const peer: ApiPeer = {
    listing: () => {
      throw new Error("nobody asked");
    },
    messages: () => [],
  };
  const pod = fakePod({
    peers: new Map([["visitor", peer]]),
    chat: (question) => {
      asked.push(question);
      const { peerId = "local:dashboard" } = question;
      return { requestId: "r", peerId, conversationId: peerId };
    },
  });
  const { ask } = fakeApi({}, { pod });
  const chat = (body: unknown) =>
    ask("/api/v1/pods/pod/chat", { method: "POST", body: JSON.stringify(body) });
  const taken = await chat({ message: "Hello?" });
  assert.deepEqual([taken.status, await taken.json()], [202, {
    ok: true,
    requestId: "r",
    peerId: "local:dashboard",
    conversationId: "local:dashboard",
  }]);
  assert.equal((await (await chat({ message: "x", peerId: "mine" })).json()).peerId, "local:mine");
  assert.equal((await chat({ message: "x", peerId: "local:mine" })).status, 202);
  assert.deepEqual(asked.map(({ peerId }) => peerId), [undefined, "local:mine", "local:mine"]);
  assert.equal((await chat({ message: "x", peerId: "visitor" })).status, 409);
  for (
    const wrong of [{}, { message: "" }, { message: 5 }, { message: "x", peerId: "a b" }, {
      message: "x",
      peerId: "../x",
    }]
  ) {
    assert.equal((await chat(wrong)).status, 400, JSON.stringify(wrong));
  }
  assert.equal(asked.length, 3);
});

Deno.test("POST …/chat: what the pod refuses has its status", async () => {
  for (
    const [code, status] of [
      ["not_running", 409],
      ["rate_limited", 429],
      ["bad_chat_request", 400],
    ] as const
  ) {
    const pod = fakePod({
      chat: () => {
        throw new CodedError(code, "It cannot");
      },
    });
    const { ask } = fakeApi({}, { pod });
    const response = await ask("/api/v1/pods/pod/chat", {
      method: "POST",
      body: `{"message":"x"}`,
    });
    assert.deepEqual([response.status, await response.json()], [status, { error: "It cannot" }]);
  }
});
