import assert from "node:assert/strict";
import { join } from "node:path";
import { openEventLog } from "../../../../src/host/store/event_log.ts";
import { openSqliteStore } from "../../../../src/host/store/sqlite_store.ts";

/** As another program does: opens the database, counts its events, closes it. */
const COUNT = `
  import { DatabaseSync } from "node:sqlite";
  const database = new DatabaseSync(Deno.args[0]);
  console.log(database.prepare("SELECT count(*) AS events FROM events").get().events);
  database.close();
`;

async function eventsSeenByAnother(folder: string, path: string): Promise<number> {
  const program = join(folder, "count.js");
  await Deno.writeTextFile(program, COUNT);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-config", "--no-lock", program, path],
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return Number(new TextDecoder().decode(stdout));
}

/** The files that are opened beside SQLite while something is done. */
function openedBy(act: () => void): string[] {
  const { openSync } = Deno;
  const opened: string[] = [];
  Deno.openSync = (path, options) => {
    opened.push(String(path));
    return openSync(path, options);
  };
  try {
    act();
  } finally {
    Deno.openSync = openSync;
  }
  return opened;
}

// SQLite notices what a closed descriptor does to its locks from 3.51 on, so that on newer Denos the
// test after this one alone would not.
Deno.test("the database: no other descriptor is opened, and closed, of a file that SQLite has", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-database-" });
  const path = join(folder, "host.sqlite");
  try {
    const first = () => openSqliteStore({ path })[Symbol.dispose]();
    assert.deepEqual(openedBy(first), [path], "a file of which nothing is known is looked into");
    using _store = openSqliteStore({ path });
    assert.deepEqual(openedBy(() => openEventLog(path)[Symbol.dispose]()), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the database: another program that closes it takes nothing from the Host that has it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-database-" });
  const path = join(folder, "host.sqlite");
  try {
    using _store = openSqliteStore({ path });
    using log = openEventLog(path); // the second of this process, as in a Host
    for (const count of [1, 2, 3]) {
      log.append([{ at: count, podId: "pod", kind: "run", detail: {} }]);
      assert.equal(await eventsSeenByAnother(folder, path), count);
    }
    openEventLog(path)[Symbol.dispose](); // as retention does each hour
    log.append([{ at: 4, podId: "pod", kind: "run", detail: {} }]);
    assert.equal(await eventsSeenByAnother(folder, path), 4);
    log.append([{ at: 5, podId: "pod", kind: "run", detail: {} }]);
    assert.equal(await eventsSeenByAnother(folder, path), 5);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
