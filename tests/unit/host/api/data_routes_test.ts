import assert from "node:assert/strict";
import { join } from "node:path";
import { type Ask, fakeApi, fakePod } from "./fake_host.ts";

/** A pod folder with a key, a dotfile and links that lead out of it. */
async function withFolder(use: (ask: Ask, dir: string, outside: string) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-data-" });
  try {
    const dir = join(folder, "pod");
    const outside = join(folder, "outside.json");
    await Deno.mkdir(join(dir, "sub.json"), { recursive: true });
    await Deno.writeTextFile(outside, `{"outside":true}`);
    await Deno.writeTextFile(join(dir, "owner.key"), "secret");
    await Deno.writeTextFile(join(dir, ".hidden.json"), `{"hidden":true}`);
    await Deno.writeTextFile(join(dir, "contacts.json"), `{"mail":"a@b.example","big":1e400}`);
    await Deno.chmod(join(dir, "contacts.json"), 0o644);
    await Deno.writeTextFile(join(dir, "list.json"), `[1]`);
    await Deno.symlink(outside, join(dir, "link.json"));
    await Deno.symlink(join(dir, "owner.key"), join(dir, "key.json"));
    const { ask } = fakeApi({}, { pod: fakePod({ dir }) });
    await use(ask, dir, outside);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const PATH = "/api/v1/pods/pod/data";

const put = (ask: Ask, name: string, body: string) =>
  ask(`${PATH}/${name}`, { method: "PUT", body });

Deno.test("data files: the folder's plain *.json are listed, and nothing else", () =>
  withFolder(async (ask) => {
    const { files } = await (await ask(PATH)).json();
    assert.deepEqual(files.map(({ name }: { name: string }) => name), [
      "contacts.json",
      "list.json",
    ]);
    assert.ok(files[0].bytes > 0 && files[0].modifiedAt > 0);
  }));

Deno.test("data files: one is read as it stands, one that holds no object is a 409", () =>
  withFolder(async (ask) => {
    const response = await ask(`${PATH}/contacts.json`);
    assert.equal(response.headers.get("content-type"), "application/json");
    assert.equal(await response.text(), `{"mail":"a@b.example","big":1e400}`);
    assert.equal((await ask(`${PATH}/list.json`)).status, 409);
    assert.equal((await ask(`${PATH}/missing.json`)).status, 404);
    assert.equal((await ask("/api/v1/pods/other/data")).status, 404);
  }));

Deno.test("data files: one is written whole, keeps its mode, and a new one is its owner's alone", () =>
  withFolder(async (ask, dir) => {
    const replaced = await put(ask, "contacts.json", `{"n":12345678901234567890}`);
    assert.deepEqual([replaced.status, await replaced.json()], [200, {
      ok: true,
      name: "contacts.json",
    }]);
    assert.equal(
      await Deno.readTextFile(join(dir, "contacts.json")),
      `{"n":12345678901234567890}\n`,
    );
    assert.equal(((await Deno.stat(join(dir, "contacts.json"))).mode ?? 0) & 0o777, 0o644);
    assert.equal((await put(ask, "my%20new.json", `{}`)).status, 201);
    assert.equal(((await Deno.stat(join(dir, "my new.json"))).mode ?? 0) & 0o777, 0o600);
    for await (const { name } of Deno.readDir(dir)) assert.ok(!name.endsWith(".tmp"), name);
  }));

Deno.test("data files: what is not an object is a 400, and leaves the file as it was", () =>
  withFolder(async (ask, dir) => {
    const before = await Deno.readTextFile(join(dir, "contacts.json"));
    for (const body of ["null", "5", `"x"`, "[]", "[{}]", "{", "", "{} {}"]) {
      assert.equal((await put(ask, "contacts.json", body)).status, 400, body);
    }
    assert.equal((await put(ask, "contacts.json", `{"x":"${"x".repeat(1_100_000)}"}`)).status, 413);
    assert.equal(await Deno.readTextFile(join(dir, "contacts.json")), before);
  }));

Deno.test("data files: no other path can be named, and no link is followed", () =>
  withFolder(async (ask, dir, outside) => {
    const names = [
      "owner.key",
      "OWNER.KEY",
      ".hidden.json",
      "..%2Foutside.json",
      "%2E%2E%2Foutside.json",
      "..%5Coutside.json",
      "sub.json%2F..%2Fcontacts.json",
      encodeURIComponent(outside),
      "%2Fetc%2Fpasswd",
      "owner.key%00.json",
      "contacts.json%00",
      "contacts.json%2F",
      "pod.toml",
      "contacts.JSON",
      "contacts.json.",
      "owner.key::$DATA.json",
      "%zz.json",
      `${"x".repeat(300)}.json`,
      "link.json",
      "key.json",
      "sub.json",
    ];
    for (const name of names) {
      const read = await ask(`${PATH}/${name}`);
      assert.ok([400, 404].includes(read.status), `GET ${name}: ${read.status}`);
      assert.doesNotMatch(await read.text(), /secret|outside":|hidden":/);
      const written = await put(ask, name, `{"evil":true}`);
      assert.ok([400, 404, 409].includes(written.status), `PUT ${name}: ${written.status}`);
    }
    assert.equal(await Deno.readTextFile(outside), `{"outside":true}`);
    assert.equal(await Deno.readTextFile(join(dir, "owner.key")), "secret");
    assert.equal(await Deno.readTextFile(join(dir, ".hidden.json")), `{"hidden":true}`);
    assert.equal((await Deno.lstat(join(dir, "link.json"))).isSymlink, true);
  }));

Deno.test("data files: a folder that is gone is a 404", () =>
  withFolder(async (ask, dir) => {
    await Deno.remove(dir, { recursive: true });
    assert.equal((await ask(PATH)).status, 404);
    assert.equal((await put(ask, "a.json", "{}")).status, 404);
  }));
