import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createLogger } from "../../../../src/base/mod.ts";
import {
  type EventLog,
  type LoggedEvent,
  openEventLog,
} from "../../../../src/host/store/event_log.ts";
import { EventLogWriter } from "../../../../src/host/store/event_log_writer.ts";
import { MIGRATIONS } from "../../../../src/host/store/schema.ts";
import { openSqliteStore } from "../../../../src/host/store/sqlite_store.ts";

function inFolder(use: (path: string) => void): void {
  const folder = Deno.makeTempDirSync({ prefix: "gemmapod-events-" });
  try {
    use(join(folder, "host.sqlite"));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const run = (podId: string, at = 42): LoggedEvent => (
  { at, podId, kind: "run", conversationId: "c", peerId: "p", detail: { status: "done", ms: 5 } }
);

Deno.test("the event log: events are read back by pod, by kind, and from where one was", () =>
  inFolder((path) => {
    using log = openEventLog(path);
    log.append([run("a"), { at: 43, podId: "b", kind: "error", detail: { code: "x" } }, run("a")]);
    const all = log.read({ newest: 10 });
    assert.deepEqual(all.map(({ podId }) => podId), ["a", "b", "a"]);
    assert.deepEqual(all[0], { id: 1, ...run("a") });
    assert.deepEqual(all[1], { id: 2, at: 43, podId: "b", kind: "error", detail: { code: "x" } });
    assert.equal(log.read({ podId: "a", newest: 10 }).length, 2);
    assert.equal(log.read({ kind: "error", newest: 10 }).length, 1);
    assert.deepEqual(log.read({ after: 2, newest: 10 }).map(({ id }) => id), [3]);
    assert.deepEqual(log.read({ newest: 1 }).map(({ id }) => id), [3]);
    assert.equal(log.prune(43), 2);
    assert.deepEqual(log.read({ newest: 10 }).map(({ id }) => id), [2]);
  }));

Deno.test("the event log: the oldest go when there are too many", () =>
  inFolder((path) => {
    using log = openEventLog(path, { maxEvents: 100 });
    const many = Array.from({ length: 60 }, (_, at) => run("a", at));
    log.append(many);
    log.append(many);
    const kept = log.read({ newest: 1_000 });
    assert.deepEqual([kept.length, kept[0]?.id, kept.at(-1)?.id], [100, 21, 120]);
  }));

Deno.test("a database of version 1 is migrated: its conversations stay, the event log is there", () =>
  inFolder((path) => {
    const old = new DatabaseSync(path);
    old.exec(MIGRATIONS[0] ?? "");
    old.exec(`
      PRAGMA user_version = 1;
      INSERT INTO conversations VALUES (1, 'pod', 'c', NULL, 1, 1);
      INSERT INTO messages VALUES (1, 1, 'q', 'user', 'Hello?', 'done', 1, NULL);
    `);
    old.close();
    using store = openSqliteStore({ path });
    assert.equal(store.messages("pod", "c", { newest: 9 })[0]?.content, "Hello?");
    using log = openEventLog(path);
    log.append([run("pod")]);
    assert.equal(log.read({ newest: 9 }).length, 1);
  }));

Deno.test("the event log: what is written a moment later is written together, and at the end", () =>
  inFolder((path) => {
    {
      using writer = new EventLogWriter(() => openEventLog(path), createLogger({ name: "host" }));
      writer.add(run("a"));
      writer.add(run("b"));
    }
    using log = openEventLog(path);
    assert.equal(log.read({ newest: 9 }).length, 2);
  }));

Deno.test("the event log: what comes after the end opens nothing again", () =>
  inFolder((path) => {
    let opened = 0;
    const open = () => {
      opened++;
      return openEventLog(path);
    };
    const writer = new EventLogWriter(open, createLogger({ name: "host" }));
    writer.add(run("a"));
    writer[Symbol.dispose]();
    writer.add(run("late"));
    writer.flush();
    assert.equal(opened, 1);
  }));

Deno.test("the event log: a log that cannot be written is said once and tried again", () =>
  inFolder((path) => {
    const lines: string[] = [];
    let broken = true;
    const open = () => {
      if (broken) throw new Error("disk full");
      return openEventLog(path);
    };
    const log = createLogger({ name: "host", write: (line) => lines.push(line) });
    using writer = new EventLogWriter(open, log);
    writer.add(run("a"));
    writer.flush();
    writer.add(run("b"));
    writer.flush();
    assert.deepEqual(lines, ["[host] cannot write the event log: disk full"]);
    broken = false;
    writer.flush();
    using read = openEventLog(path);
    assert.deepEqual(read.read({ newest: 9 }).map(({ podId }) => podId), ["a", "b"]);
  }));

Deno.test("the event log: one that cannot be opened is tried again by itself, after a while", async () => {
  const written = Promise.withResolvers<readonly LoggedEvent[]>();
  let attempts = 0;
  const open = (): EventLog => {
    if (++attempts < 3) throw new Error("database is locked");
    const nothing = () => {};
    return { append: written.resolve, read: () => [], prune: () => 0, [Symbol.dispose]: nothing };
  };
  const log = createLogger({ name: "host", write: () => {} });
  using writer = new EventLogWriter(open, log, 1);
  writer.add(run("a"));
  writer.flush();
  assert.deepEqual((await written.promise).map(({ podId }) => podId), ["a"]);
});

Deno.test("the event log: a file that is locked before it is opened costs a moment, too", () =>
  inFolder((path) => {
    const other = new DatabaseSync(path);
    other.exec("BEGIN EXCLUSIVE");
    const from = performance.now();
    assert.throws(() => openEventLog(path), /locked/);
    assert.ok(performance.now() - from < 1_000);
    other.close();
  }));

Deno.test("the event log: a database that another process holds costs a moment, not the events", () =>
  inFolder((path) => {
    openEventLog(path)[Symbol.dispose]();
    const lines: string[] = [];
    using writer = new EventLogWriter(
      () => openEventLog(path),
      createLogger({ name: "host", write: (line) => lines.push(line) }),
    );
    writer.add(run("a"));
    writer.flush();
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    writer.add(run("b"));
    const from = performance.now();
    writer.flush();
    assert.ok(performance.now() - from < 1_000);
    assert.match(lines[0] ?? "", /cannot write the event log: .*locked/);
    other.exec("COMMIT");
    other.close();
    writer.flush();
    using read = openEventLog(path);
    assert.equal(read.read({ newest: 9 }).length, 2);
  }));
