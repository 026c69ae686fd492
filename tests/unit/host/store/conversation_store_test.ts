import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createLogger } from "../../../../src/base/mod.ts";
import type {
  ConversationStore,
  NewMessage,
} from "../../../../src/host/store/conversation_store.ts";
import { openMemoryStore } from "../../../../src/host/store/memory_store.ts";
import { openStore } from "../../../../src/host/store/open_store.ts";
import { openSqliteStore } from "../../../../src/host/store/sqlite_store.ts";

function message(id: string, role: "user" | "assistant", content = id): NewMessage {
  return { id, role, content, status: "done" };
}

const ids = (messages: readonly { id: string }[]) => messages.map(({ id }) => id);

/** What holds for every store. */
function conformance(
  name: string,
  withStore: (use: (open: (now?: () => number) => ConversationStore) => void) => void,
): void {
  const test = (what: string, body: (open: (now?: () => number) => ConversationStore) => void) =>
    Deno.test(`${name}: ${what}`, () => withStore(body));

  test("a turn is read back in order, with its status and its time", (open) => {
    using store = open(() => 42);
    assert.deepEqual(store.messages("pod", "c", { newest: 10 }), []);
    store.appendTurn({
      podId: "pod",
      conversationId: "c",
      messages: [message("q", "user", "Grüße 👋\u0000"), {
        id: "r:assistant",
        role: "assistant",
        content: "half an ans",
        status: "cut",
      }],
    });
    const [question, answer] = store.messages("pod", "c", { newest: 10 });
    assert.ok(question !== undefined && answer !== undefined);
    assert.deepEqual(
      [question.content, question.createdAt, question.superseded, answer.status],
      ["Grüße 👋\u0000", 42, false, "cut"],
    );
    assert.ok(question.row < answer.row);
  });

  test("the newest messages are given, oldest first", (open) => {
    using store = open();
    for (let i = 0; i < 5; i++) {
      store.appendTurn({
        podId: "pod",
        conversationId: "c",
        messages: [message(`q${i}`, "user"), message(`a${i}`, "assistant")],
      });
    }
    assert.deepEqual(ids(store.messages("pod", "c", { newest: 3 })), ["a3", "q4", "a4"]);
  });

  test("pods and conversations are kept apart, however their ids are put together", (open) => {
    using store = open();
    const pairs = [["a", "b:c"], ["a:b", "c"], ["a", "c"], ["A", "c"]] as const;
    for (const [podId, conversationId] of pairs) {
      store.appendTurn({
        podId,
        conversationId,
        messages: [message(`${podId}/${conversationId}`, "user")],
      });
    }
    for (const [podId, conversationId] of pairs) {
      const found = ids(store.messages(podId, conversationId, { newest: 10 }));
      assert.deepEqual(found, [`${podId}/${conversationId}`]);
    }
  });

  test("superseded messages are kept, and left out unless asked for", (open) => {
    using store = open();
    const turn = { podId: "pod", conversationId: "c" };
    store.appendTurn({ ...turn, messages: [message("q1", "user"), message("a1", "assistant")] });
    const rows = store.messages("pod", "c", { newest: 10 }).map(({ row }) => row);
    store.appendTurn({ ...turn, messages: [message("q1b", "user")], supersedes: rows });
    assert.deepEqual(ids(store.messages("pod", "c", { newest: 10 })), ["q1b"]);
    const all = store.messages("pod", "c", { newest: 10, which: "all" });
    assert.deepEqual(all.map(({ id, superseded }) => [id, superseded]), [
      ["q1", true],
      ["a1", true],
      ["q1b", false],
    ]);
  });

  test("a turn supersedes no row of another conversation", (open) => {
    using store = open();
    store.appendTurn({ podId: "pod", conversationId: "a", messages: [message("q", "user")] });
    const rows = store.messages("pod", "a", { newest: 1 }).map(({ row }) => row);
    store.appendTurn({ podId: "pod", conversationId: "b", messages: [], supersedes: rows });
    assert.deepEqual(ids(store.messages("pod", "a", { newest: 10 })), ["q"]);
  });

  test("a conversation holds a state", (open) => {
    using store = open();
    assert.equal(store.state("pod", "c"), undefined);
    store.setState("pod", "c", `{"a":1}`);
    assert.equal(store.state("pod", "c"), `{"a":1}`);
    store.setState("pod", "c", undefined);
    assert.equal(store.state("pod", "c"), undefined);
  });

  test("conversations are listed, the latest first, and cleared one by one or by pod", (open) => {
    let now = 0;
    using store = open(() => ++now);
    for (const id of ["a", "b", "a"]) {
      store.appendTurn({ podId: "pod", conversationId: id, messages: [message("q", "user")] });
    }
    store.appendTurn({ podId: "other", conversationId: "a", messages: [message("q", "user")] });
    assert.deepEqual(store.list("pod"), [
      { podId: "pod", conversationId: "a", createdAt: 1, updatedAt: 3, messages: 2 },
      { podId: "pod", conversationId: "b", createdAt: 2, updatedAt: 2, messages: 1 },
    ]);
    assert.deepEqual(store.list("pod", { newest: 1 }), store.list("pod").slice(0, 1));
    assert.deepEqual([store.count("pod"), store.count("none")], [2, 0]);
    assert.equal(store.clear("pod", "a"), 1);
    assert.equal(store.clear("pod", "a"), 0);
    assert.deepEqual(store.messages("pod", "a", { newest: 10 }), []);
    assert.equal(store.clear("pod"), 1);
    assert.deepEqual(ids(store.messages("other", "a", { newest: 10 })), ["q"]);
  });

  test("conversations that rested since a moment are forgotten, those that went on are not", (open) => {
    let now = 0;
    using store = open(() => ++now);
    for (const id of ["a", "b", "c", "a"]) {
      store.appendTurn({ podId: "pod", conversationId: id, messages: [message(id, "user")] });
    }
    assert.equal(store.prune(3), 1);
    assert.deepEqual(
      store.list("pod").map(({ conversationId }) => conversationId),
      ["a", "c"],
    );
    assert.deepEqual(store.messages("pod", "b", { newest: 1 }), []);
    assert.equal(store.messages("pod", "a", { newest: 10 }).length, 2);
    assert.equal(store.prune(3), 0);
  });
}

function inFolder(use: (folder: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    use(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

conformance("memory store", (use) => use((now) => openMemoryStore(now ? { now } : {})));
conformance("sqlite store", (use) =>
  inFolder((folder) => {
    const path = join(folder, "sub", "host.sqlite");
    use((now) => openSqliteStore(now ? { path, now } : { path }));
  }));

Deno.test("sqlite store: the file is for its owner alone, and outlives the store", () =>
  inFolder((folder) => {
    const path = join(folder, "host.sqlite");
    {
      using store = openSqliteStore({ path });
      store.appendTurn({ podId: "pod", conversationId: "c", messages: [message("q", "user")] });
      for (const file of Deno.readDirSync(folder)) {
        const { mode } = Deno.statSync(join(folder, file.name));
        assert.equal((mode ?? 0) & 0o077, 0, file.name);
      }
    }
    using store = openSqliteStore({ path });
    assert.deepEqual(ids(store.messages("pod", "c", { newest: 10 })), ["q"]);
  }));

Deno.test("sqlite store: a DELETE by another connection takes effect at once, messages included", () =>
  inFolder((folder) => {
    const path = join(folder, "host.sqlite");
    using store = openSqliteStore({ path });
    store.appendTurn({ podId: "x", conversationId: "c", messages: [message("q", "user")] });
    store.appendTurn({ podId: "y", conversationId: "c", messages: [message("q", "user")] });
    const other = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    other.exec("DELETE FROM conversations WHERE pod_id = 'x'");
    assert.deepEqual(store.messages("x", "c", { newest: 10 }), []);
    assert.equal(store.messages("y", "c", { newest: 10 }).length, 1);
    assert.deepEqual({ ...other.prepare("SELECT count(*) AS n FROM messages").get() }, { n: 1 });
    other.close();
    store.appendTurn({ podId: "x", conversationId: "c", messages: [message("new", "user")] });
    assert.deepEqual(ids(store.messages("x", "c", { newest: 10 })), ["new"]);
  }));

Deno.test("sqlite store: two stores on one file see each other's turns", () =>
  inFolder((folder) => {
    const path = join(folder, "host.sqlite");
    using one = openSqliteStore({ path });
    using two = openSqliteStore({ path });
    one.appendTurn({ podId: "pod", conversationId: "c", messages: [message("q1", "user")] });
    two.appendTurn({ podId: "pod", conversationId: "c", messages: [message("q2", "user")] });
    assert.deepEqual(ids(one.messages("pod", "c", { newest: 10 })), ["q1", "q2"]);
  }));

Deno.test("sqlite store: a database of a newer build is refused and left as it is", () =>
  inFolder((folder) => {
    const path = join(folder, "host.sqlite");
    const newer = new DatabaseSync(path);
    newer.exec("PRAGMA user_version = 999");
    newer.close();
    assert.throws(() => openSqliteStore({ path }), { code: "newer_database" });
  }));

Deno.test("a Host whose database cannot be opened says so and remembers in memory", () =>
  inFolder((folder) => {
    const path = join(folder, "host.sqlite");
    Deno.writeTextFileSync(
      path,
      "this is no database, and long enough to be read as one ".repeat(50),
    );
    const lines: string[] = [];
    using store = openStore(
      path,
      createLogger({ name: "host", write: (line) => lines.push(line) }),
    );
    assert.equal(store.kind, "memory");
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /^\[host\] cannot open the database .*kept in memory/);
    store.appendTurn({ podId: "pod", conversationId: "c", messages: [message("q", "user")] });
    assert.equal(store.messages("pod", "c", { newest: 1 }).length, 1);
  }));
