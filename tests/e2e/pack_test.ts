import assert from "node:assert/strict";
import { join } from "node:path";
import { FROM_SOURCE } from "./chain.ts";

/** What a run of the packer said, and how it ended. */
interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `gemmapod-pack` in a folder, with no terminal. */
async function pack(cwd: string, ...args: string[]): Promise<Ended> {
  const [command = "", ...rest] = FROM_SOURCE.pack;
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...rest, ...args],
    cwd,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-pack-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("gemmapod-pack makes, packs and verifies a pod", async () => {
  await inFolder(async (folder) => {
    const made = await pack(folder, "init", "my-pod", "--name", "Ada's card", "--id", "ada");
    assert.deepEqual([made.code, made.stderr], [0, ""]);
    assert.match(made.stdout, /^next .*gemmapod-pack build my-pod --out ada\.html$/m);

    const built = await pack(folder, "build", "my-pod", "--out", "ada.html");
    assert.deepEqual([built.code, built.stderr], [0, ""]);
    const { size } = await Deno.stat(join(folder, "ada.html"));
    assert.match(built.stdout, new RegExp(`^size .*\\(${size} bytes\\), .* compressed$`, "m"));
    const [, owner] = /^owner key\s+([0-9a-f]{64})$/m.exec(built.stdout) ?? [];
    assert(owner !== undefined);

    const verified = await pack(folder, "verify", "ada.html");
    assert.deepEqual([verified.code, verified.stderr], [0, ""]);
    assert.match(verified.stdout, /^holds ada\.html/);
    assert.match(verified.stdout, /^name\s+Ada's card$/m);
    assert.match(verified.stdout, new RegExp(`^signed by\\s+${owner}$`, "m"));
    assert.match(verified.stdout, /^contacts\s+signal\.gemmapod\.com$/m);

    const { code, stdout } = await pack(folder, "verify", "ada.html", "--json");
    assert.equal(code, 0);
    const { ok, podId, ownerPubkey } = JSON.parse(stdout);
    assert.deepEqual([ok, podId, ownerPubkey], [true, "ada", owner]);
  });
});

Deno.test("gemmapod-pack build gives the same bytes twice", async () => {
  await inFolder(async (folder) => {
    await pack(folder, "init");
    for (const out of ["a.html", "b.html"]) {
      assert.equal((await pack(folder, "build", ".", "--out", out, "--json")).code, 0);
    }
    assert.deepEqual(
      await Deno.readFile(join(folder, "a.html")),
      await Deno.readFile(join(folder, "b.html")),
    );
  });
});

Deno.test("gemmapod-pack verify fails on a page that does not hold, and says why", async () => {
  await inFolder(async (folder) => {
    await pack(folder, "init", ".", "--id", "x");
    await pack(folder, "build", ".", "--out", "page.html");
    const html = await Deno.readTextFile(join(folder, "page.html"));
    const changed = html.replace(
      /(MANIFEST_B64 = ".{200})(.)/,
      (_all, head, character) => head + (character === "A" ? "B" : "A"),
    );
    await Deno.writeTextFile(join(folder, "page.html"), changed);

    const said = await pack(folder, "verify", "page.html");
    assert.deepEqual([said.code, said.stdout], [1, ""]);
    assert.match(said.stderr, /^error: Cannot accept the manifest: /);

    const { code, stdout, stderr } = await pack(folder, "verify", "page.html", "--json");
    assert.deepEqual([code, stderr], [1, ""]);
    const verdict = JSON.parse(stdout);
    assert.deepEqual([verdict.ok, verdict.code], [false, "manifest_rejected"]);
  });
});

Deno.test("gemmapod-pack tells all mistakes of a pod.toml, a line each, and writes nothing", async () => {
  await inFolder(async (folder) => {
    const toml = `name = 1
system_promt = "x"
[transport.dartc]
signal_url = "here"
require_proof = 3
[[tools]]
name = "a b"
`;
    await Deno.writeTextFile(join(folder, "pod.toml"), toml);
    await pack(folder, "keygen");
    const { code, stdout, stderr } = await pack(folder, "build", ".", "--out", "page.html");
    assert.deepEqual([code, stdout], [1, ""]);
    const lines = stderr.trimEnd().split("\n");
    assert.equal(lines[0], "error: Cannot use pod.toml: 7 mistakes");
    assert.equal(lines.length, 9); // and the misspelt key
    assert.match(stderr, /pod\.toml:4: transport\.dartc\.signal_url: found "here", expected a URL/);
    assert.match(stderr, /pod\.toml:2: system_promt: .*\(did you mean system_prompt\?\)/);
    await assert.rejects(Deno.stat(join(folder, "page.html")), Deno.errors.NotFound);
  });
});

Deno.test("gemmapod-pack prints a warning on stderr, and the result on stdout alone", async () => {
  await inFolder(async (folder) => {
    await pack(folder, "init", ".", "--id", "x");
    await Deno.writeTextFile(join(folder, "pod.toml"), "\n[limit]\nqueue = 1\n", { append: true });
    const built = await pack(folder, "build", ".", "--out", "page.html", "--json");
    assert.equal(built.code, 0);
    assert.match(built.stderr, /^warning: pod\.toml:\d+: limit: .*did you mean limits\?/);
    assert.equal(JSON.parse(built.stdout).podId, "x");
  });
});

Deno.test("gemmapod-pack overwrites no pod.toml and no key", async () => {
  await inFolder(async (folder) => {
    assert.equal((await pack(folder, "init")).code, 0);
    const before = await Deno.readTextFile(join(folder, "owner.key"));
    for (const command of ["init", "keygen"]) {
      const { code, stderr } = await pack(folder, command);
      assert.equal(code, 1);
      assert.match(stderr, /^error: Cannot .* is there already$/m);
    }
    assert.equal(await Deno.readTextFile(join(folder, "owner.key")), before);
  });
});

Deno.test("gemmapod-pack uses the key that --key names", async () => {
  await inFolder(async (folder) => {
    await pack(folder, "init", "pod");
    await Deno.rename(join(folder, "pod", "owner.key"), join(folder, "safe.key"));
    assert.equal((await pack(folder, "build", "pod", "--out", "a.html")).code, 1);
    const built = await pack(folder, "build", "pod", "--out", "a.html", "--key", "safe.key");
    assert.equal(built.code, 0, built.stderr);
    const other = await pack(folder, "keygen", "--key", "other.key");
    assert.equal(other.code, 0);
    const refused = await pack(folder, "build", "pod", "--out", "a.html", "--key", "other.key");
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /\[owner\] pubkey/);
  });
});

Deno.test("gemmapod-pack ends with 2 where it was called in a way that it does not know", async () => {
  await inFolder(async (folder) => {
    const wrong: [string[], RegExp][] = [
      [[], /^Usage: gemmapod-pack/],
      [["bild"], /Did you mean build\?/],
      [["build", "."], /--out <file>/],
      [["verify"], /missing required argument 'file'/],
      [["init", ".", "--nmae", "x"], /Did you mean --name\?/],
      [["verify", "a", "b"], /too many arguments/],
    ];
    for (const [args, message] of wrong) {
      const { code, stdout, stderr } = await pack(folder, ...args);
      assert.deepEqual([code, stdout], [2, ""], args.join(" "));
      assert.match(stderr, message);
    }
  });
});

Deno.test("gemmapod-pack says of each command what it does, with an example", async () => {
  await inFolder(async (folder) => {
    for (
      const args of [["--help"], ...["init", "keygen", "build", "verify"].map((c) => [c, "--help"])]
    ) {
      const { code, stdout, stderr } = await pack(folder, ...args);
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /^Usage: gemmapod-pack/);
      assert.match(stdout, /\nExample:\n +gemmapod-pack \w+/);
    }
    const { code, stdout } = await pack(folder, "--version");
    assert.equal(code, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });
});
