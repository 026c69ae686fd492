import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { MIGRATIONS, SCHEMA_VERSION } from "../../src/host/store/schema.ts";
import { mountSmallDisk, throughFileLimit } from "./disks.ts";
import { eventually, type HostPlace, hostPlace } from "./host_place.ts";
import { Gate, startModelEndpoint } from "./model_endpoint.ts";
import { NativeVisitor } from "./native_visitor.ts";

const CONVERSATION = "conversation-0123456789";
const KILLS = 25;
const ANSWER = "Hello from the endpoint.";
const STORE_FAILED = /cannot use the conversation store/;

const messageRows = z.array(z.object({ role: z.string(), content: z.string() }));

/** What a database holds of a conversation, oldest first. */
function storedIn(path: string, podId: string, conversationId = CONVERSATION) {
  using database = new DatabaseSync(path);
  return messageRows.parse(
    database.prepare(`
      SELECT role, content FROM messages WHERE superseded_at IS NULL AND conversation =
        (SELECT id FROM conversations WHERE pod_id = ? AND conversation_id = ?) ORDER BY id`)
      .all(podId, conversationId),
  ).map(({ role, content }) => ({ role, content }));
}

function integrityOf(path: string): unknown {
  using database = new DatabaseSync(path);
  return database.prepare("PRAGMA integrity_check").get()?.integrity_check;
}

function databaseOf({ home }: HostPlace): string {
  return join(home, "host.sqlite");
}

Deno.test("Host: kill -9 at any moment loses at most the turn in flight", async () => {
  const tokens = ["It ", "is ", "answer ", "number "];
  await using model = startModelEndpoint();
  await using place = await hostPlace();
  await place.writePod("pod");
  const told: { role: string; content: string }[] = [];
  let asked = 0;
  const ask = (visitor: NativeVisitor) => {
    const question = `Question ${++asked}?`;
    const whole = `${tokens.join("")}${asked}.`;
    return { question, whole, requestId: visitor.send(question) };
  };
  await using visitors = new AsyncDisposableStack();
  for (let round = 0; round < KILLS; round++) {
    const host = await place.run("pod", "--provider-url", model.url);
    const visitor = await place.visit("pod", { conversationId: CONVERSATION });
    visitors.defer(() => visitor.vanish());
    const thread = storedIn(databaseOf(place), "pod");
    assert.deepEqual(withoutTheTurnInFlight(thread, told), told, `after kill ${round}`);
    if (thread.length > 0) {
      const { messages } = await visitor.until(
        "the thread",
        () => visitor.uiEvents("MESSAGES_SNAPSHOT")[0],
      );
      assert.deepEqual(messages.map(({ role, content }) => ({ role, content })), thread);
    }
    told.splice(0, told.length, ...thread);

    const gate = new Gate();
    const { question, whole, requestId } = ask(visitor);
    model.script({ tokens: [...tokens, `${asked}.`], pace: gate.pace });
    await moments[round % moments.length]?.({ gate, visitor, requestId, round });
    host.kill("SIGKILL");
    await host.status;
    await visitor.vanish(); // what came before the end has been read then
    if (visitor.events.some((event) => event.type === "done" && event.requestId === requestId)) {
      told.push({ role: "user", content: question }, { role: "assistant", content: whole });
    }
    assert.equal(integrityOf(databaseOf(place)), "ok", `after kill ${round}`);
  }
  const stored = storedIn(databaseOf(place), "pod");
  assert.deepEqual(withoutTheTurnInFlight(stored, told), told);
  assert.ok(told.length >= 2 * 2 * Math.floor(KILLS / moments.length), `${told.length} messages`);
});

/** When a Host is killed: the run's request, its middle, its end, just after its end was allowed. */
const moments: readonly ((run: {
  gate: Gate;
  visitor: NativeVisitor;
  requestId: string;
  round: number;
}) => Promise<unknown>)[] = [
  ({ visitor }) => visitor.until("the start", () => visitor.uiEvents("RUN_STARTED")[0]),
  ({ gate, visitor, requestId, round }) => {
    const pieces = 1 + round % 3;
    gate.open(pieces);
    return visitor.until(
      "the middle",
      () => visitor.answerSoFar(requestId).deltas.length >= pieces || undefined,
    );
  },
  ({ gate, visitor, requestId }) => {
    gate.open();
    return visitor.answerTo(requestId);
  },
  async ({ gate, visitor, requestId }) => {
    gate.open();
    await visitor.until(
      "the last pieces",
      () => visitor.answerSoFar(requestId).deltas.length >= 4 || undefined,
    );
  },
  ({ gate, visitor, requestId }) => {
    gate.open();
    return visitor.answerTo(requestId);
  },
];

/** A thread without the one turn that may be there though its visitor was not told of its end. */
function withoutTheTurnInFlight<M>(thread: readonly M[], told: readonly M[]): readonly M[] {
  assert.ok(thread.length <= told.length + 2, `${thread.length} messages, ${told.length} told`);
  return thread.slice(0, told.length);
}

Deno.test("Host: a full disk is said and survived, and what comes after it is kept again", async () => {
  await using disk = await mountSmallDisk(1_024);
  if (disk === undefined) console.log("no disk can be mounted here: a file limit stands for it");
  await using model = startModelEndpoint();
  await using place = await hostPlace(
    disk === undefined ? { through: throughFileLimit(128) } : { home: join(disk.folder, "home") },
  );
  await place.writePod("pod");
  const host = await place.run("pod", "--provider-url", model.url);
  await using visitor = await place.visit("pod", { conversationId: CONVERSATION });
  assert.equal((await visitor.ask("First?")).text, ANSWER);
  await disk?.fill(0);
  const long = "x".repeat(15_000); // what SQLite has room for in its own files ends soon
  for (let question = 0; question < 12; question++) {
    const { text, error } = await visitor.ask(`${question} ${long}`);
    assert.deepEqual([text, error], [ANSWER, undefined]);
  }
  await host.line(STORE_FAILED);
  if (disk !== undefined) {
    await disk.free();
    assert.equal((await visitor.ask("Last?")).text, ANSWER);
    assert.deepEqual(storedIn(databaseOf(place), "pod").slice(-2), [
      { role: "user", content: "Last?" },
      { role: "assistant", content: ANSWER },
    ]);
  }
  host.kill("SIGTERM");
  assert.equal((await host.status).code, 0, host.lines.join("\n"));
  assert.equal(integrityOf(databaseOf(place)), "ok");
  assert.equal(storedIn(databaseOf(place), "pod")[0]?.content, "First?");
});

Deno.test("Host: a disk that is full from the beginning is said, and visitors are answered", async () => {
  await using disk = await mountSmallDisk(1_024);
  if (disk === undefined) return console.log("not shown here: no disk can be mounted");
  await using model = startModelEndpoint();
  const home = join(disk.folder, "home");
  await Deno.mkdir(home);
  await disk.fill(0);
  await using place = await hostPlace({ home });
  await place.writePod("pod");
  const host = await place.run("pod", "--provider-url", model.url);
  await using visitor = await place.visit("pod", { conversationId: CONVERSATION });
  assert.equal((await visitor.ask("First?")).text, ANSWER);
  await host.line(/other programs cannot find this Host/);
  await host.line(/cannot open the database .*kept in memory/);
});

Deno.test("Host: in a folder that cannot be written it says so and remembers in memory", async () => {
  await using disk = await mountSmallDisk(1_024);
  const folder = disk?.folder ?? await Deno.makeTempDir();
  const isBound = disk !== undefined || Deno.uid() !== 0; // no mode binds root
  if (!isBound) return console.log("not shown here: root, and no disk can be mounted");
  const home = join(folder, "home");
  await Deno.mkdir(home);
  if (disk === undefined) await Deno.chmod(home, 0o500);
  else await disk.lock();
  await using model = startModelEndpoint();
  await using place = await hostPlace({ home });
  await place.writePod("pod");
  const host = await place.run("pod", "--provider-url", model.url);
  {
    await using visitor = await place.visit("pod", { conversationId: CONVERSATION });
    assert.equal((await visitor.ask("First?")).text, ANSWER);
  }
  await using visitor = await place.visit("pod", { conversationId: CONVERSATION });
  await visitor.until("the thread", () => visitor.uiEvents("MESSAGES_SNAPSHOT")[0]);
  await host.line(/cannot open the database .*kept in memory/);
  host.kill("SIGTERM");
  assert.equal((await host.status).code, 0, host.lines.join("\n"));
});

Deno.test("Host: a database that another process keeps locked is said and survived", async () => {
  await using model = startModelEndpoint();
  await using place = await hostPlace();
  await place.writePod("pod");
  const host = await place.run("pod", "--provider-url", model.url);
  await using visitor = await place.visit("pod", { conversationId: CONVERSATION });
  await visitor.ask("First?");
  const other = new DatabaseSync(databaseOf(place));
  other.exec("BEGIN IMMEDIATE");
  assert.equal((await visitor.ask("Second?")).text, ANSWER);
  await host.line(/cannot use the conversation store: .*locked/);
  const from = performance.now();
  assert.equal((await visitor.ask("Third?")).text, ANSWER);
  const waited = performance.now() - from;
  assert.ok(waited < 2_000, `the lock was waited for once, and then for ${waited} ms again`);
  other.exec("ROLLBACK");
  other.close();
  const turns = ["First?", "Second?", "Third?"].flatMap((content) => [
    { role: "user" as const, content },
    { role: "assistant" as const, content: ANSWER },
  ]);
  // A page sends what it shows, and so the Host learns again what it could not write.
  await visitor.ask([...turns, { role: "user", content: "Fourth?" }]);
  assert.deepEqual(storedIn(databaseOf(place), "pod"), [
    ...turns,
    { role: "user", content: "Fourth?" },
    { role: "assistant", content: ANSWER },
  ]);
});

Deno.test("Host: a database of a newer build is refused with a sentence and left as it is", async () => {
  await using model = startModelEndpoint();
  await using place = await hostPlace();
  await place.writePod("pod");
  await Deno.mkdir(place.home);
  const path = databaseOf(place);
  {
    using newer = new DatabaseSync(path);
    newer.exec(`CREATE TABLE of_tomorrow (x); PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
  }
  await Deno.chmod(path, 0o644);
  const seen = async () => ({
    digest: createHash("sha256").update(await Deno.readFile(path)).digest("hex"),
    mode: (await Deno.stat(path)).mode,
    files: (await Array.fromAsync(Deno.readDir(place.home))).map(({ name }) => name)
      .filter((name) => name.startsWith("host.sqlite")),
  });
  const before = await seen();
  const host = await place.run("pod", "--provider-url", model.url);
  {
    await using visitor = await place.visit("pod", { conversationId: CONVERSATION });
    assert.equal((await visitor.ask("First?")).text, ANSWER);
  }
  await host.line(new RegExp(`it has version ${SCHEMA_VERSION + 1}, this build knows .*Update`));
  await using visitor = await place.visit("pod", { conversationId: CONVERSATION });
  await visitor.until("the thread", () => visitor.uiEvents("MESSAGES_SNAPSHOT")[0]);
  host.kill("SIGTERM");
  assert.equal((await host.status).code, 0, host.lines.join("\n"));
  assert.deepEqual(await seen(), before);
});

Deno.test("Host: a database of any older build is brought up to date with what it holds", async (t) => {
  await using model = startModelEndpoint();
  for (let version = 1; version < SCHEMA_VERSION; version++) {
    await t.step(`version ${version}`, async () => {
      await using place = await hostPlace();
      await place.writePod("pod");
      await Deno.mkdir(place.home);
      const path = databaseOf(place);
      {
        using older = new DatabaseSync(path);
        for (const step of MIGRATIONS.slice(0, version)) older.exec(step);
        older.exec(`
          INSERT INTO conversations (id, pod_id, conversation_id, created_at, updated_at)
          VALUES (7, 'pod', '${CONVERSATION}', 1, 1);
          INSERT INTO messages (conversation, message_id, role, content, status, created_at)
          VALUES (7, 'm1', 'user', 'Of old?', 'done', 1);
          PRAGMA user_version = ${version}`);
      }
      await place.run("pod", "--provider-url", model.url);
      await using visitor = await place.visit("pod", { conversationId: CONVERSATION });
      const { messages } = await visitor.until(
        "the thread",
        () => visitor.uiEvents("MESSAGES_SNAPSHOT")[0],
      );
      assert.deepEqual(messages.map(({ content }) => content), ["Of old?"]);
      await visitor.ask("And now?");
      assert.equal(storedIn(path, "pod").length, 3);
      using database = new DatabaseSync(path);
      assert.equal(database.prepare("PRAGMA user_version").get()?.user_version, SCHEMA_VERSION);
    });
  }
});

Deno.test("Host: what a visitor may and may not read of conversations", async (t) => {
  await using model = startModelEndpoint();
  await using place = await hostPlace();
  await place.writePod("pod", `[limits]\nruns_at_once = 4\n`);
  const other = await place.writePod("other");
  const host = await place.run("pod", "--provider-url", model.url);
  const added = await place.api("/api/v1/pods", {
    method: "POST",
    body: JSON.stringify({ dir: other }),
  });
  assert.equal(added.status, 201, await added.text());
  await host.line(/registered for pod other/);
  const path = databaseOf(place);
  {
    await using visitor = await place.visit("pod", { conversationId: CONVERSATION });
    await visitor.ask("First?");
    const { messages } = await snapshotOf(place, "pod", CONVERSATION);
    assert.equal(messages.length, 2);
  }
  await t.step("another pod's conversation of the same id is not theirs", async () => {
    await using visitor = await place.visit("other", { conversationId: CONVERSATION });
    await visitor.ask("Who am I?");
    assert.deepEqual(visitor.uiEvents("MESSAGES_SNAPSHOT"), []);
    assert.deepEqual(model.requests.at(-1)?.thread.slice(1), [
      { role: "user", content: "Who am I?" },
    ]);
  });
  await t.step("the owner's own cannot be named, in a hello or in a question", async () => {
    {
      using database = new DatabaseSync(path);
      database.exec(`
        INSERT INTO conversations (id, pod_id, conversation_id, created_at, updated_at)
        VALUES (777, 'pod', 'local:dashboard-of-the-owner', 1, 1);
        INSERT INTO messages (conversation, message_id, role, content, status, created_at)
        VALUES (777, 'm1', 'user', 'My own secret.', 'done', 1)`);
    }
    const conversationId = "local:dashboard-of-the-owner";
    await using refused = await NativeVisitor.connect({
      signalUrl: place.signalUrl,
      podId: "pod",
      conversationId,
    });
    await refused.until("the end", (events) => events.find(({ type }) => type === "closed"));
    assert.ok(
      refused.events.some((event) => event.type === "error" && event.code === "invalid_frame"),
    );
    await using visitor = await place.visit("pod");
    const before = model.requests.length;
    const requestId = visitor.session.chat({
      conversationId,
      messages: [{ role: "user", content: "What did I say?" }],
    });
    assert.equal((await visitor.answerTo(requestId)).error?.code, "bad_chat_request");
    assert.equal(model.requests.length, before);
    const seen = JSON.stringify([refused.events, visitor.events]);
    assert.doesNotMatch(seen, /My own secret/);
  });
  await t.step("an id of under 20 characters is remembered for its session alone", async () => {
    for (const question of ["First?", "Second?"]) {
      await using visitor = await place.visit("pod", { conversationId: "x".repeat(19) });
      await visitor.ask(question);
      assert.deepEqual(visitor.uiEvents("MESSAGES_SNAPSHOT"), []);
      assert.equal(model.requests.at(-1)?.thread.length, 2);
    }
    assert.deepEqual(storedIn(path, "pod", "x".repeat(19)), []);
  });
  await t.step("what another process deletes is gone at the next question", async () => {
    await using visitor = await place.visit("pod", { conversationId: CONVERSATION });
    await visitor.until("the thread", () => visitor.uiEvents("MESSAGES_SNAPSHOT")[0]);
    {
      using database = new DatabaseSync(path);
      database.exec("DELETE FROM conversations WHERE pod_id = 'pod'");
    }
    await visitor.ask("Do you remember?");
    assert.deepEqual(model.requests.at(-1)?.thread.slice(1), [
      { role: "user", content: "Do you remember?" },
    ]);
    assert.equal(storedIn(path, "pod").length, 2);
    assert.equal(storedIn(path, "other").length, 2);
  });
});

async function snapshotOf(place: HostPlace, podId: string, conversationId: string) {
  await using visitor = await place.visit(podId, { conversationId });
  return await visitor.until("the thread", () => visitor.uiEvents("MESSAGES_SNAPSHOT")[0]);
}

Deno.test("Host: --retention forgets conversations that rested for longer, and no others", async () => {
  await using model = startModelEndpoint();
  await using place = await hostPlace();
  await place.writePod("pod");
  {
    const host = await place.run("pod", "--provider-url", model.url);
    for (const conversationId of [CONVERSATION, `${CONVERSATION}-old`]) {
      await using visitor = await place.visit("pod", { conversationId });
      await visitor.ask("First?");
    }
    host.kill("SIGTERM");
    assert.equal((await host.status).code, 0);
  }
  const path = databaseOf(place);
  {
    using database = new DatabaseSync(path);
    const twoDaysAgo = Date.now() - 2 * 86_400_000;
    database.prepare("UPDATE conversations SET updated_at = ? WHERE conversation_id = ?")
      .run(twoDaysAgo, `${CONVERSATION}-old`);
  }
  await place.run("pod", "--provider-url", model.url, "--retention", "1");
  await eventually(
    "the old one is gone",
    () => storedIn(path, "pod", `${CONVERSATION}-old`).length === 0,
  );
  assert.equal(storedIn(path, "pod").length, 2);
});
