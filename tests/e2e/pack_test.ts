import assert from "node:assert/strict";
import { FROM_SOURCE } from "./chain.ts";
import { packPlace } from "./pack_place.ts";

/** All of them. */
const COMMANDS = [
  "init",
  "keygen",
  "build",
  "rebuild",
  "repack",
  "verify",
  "inspect",
  "deploy",
  "doctor",
];

Deno.test("gemmapod-pack makes, packs and verifies a pod", async () => {
  await using at = await packPlace();
  const made = await at.pack("init", "my-pod", "--name", "Ada's card", "--id", "ada");
  assert.deepEqual([made.code, made.stderr], [0, ""]);
  assert.match(made.stdout, /^next .*gemmapod-pack build my-pod$/m);

  const built = await at.pack("build", "my-pod", "--out", "ada.html");
  assert.deepEqual([built.code, built.stderr], [0, ""]);
  const { size } = await Deno.stat(at.at("ada.html"));
  assert.match(built.stdout, new RegExp(`^size .*\\(${size} bytes\\), .* compressed$`, "m"));
  const [, owner] = /^owner key\s+([0-9a-f]{64})$/m.exec(built.stdout) ?? [];
  assert(owner !== undefined);

  const verified = await at.pack("verify", "ada.html");
  assert.deepEqual([verified.code, verified.stderr], [0, ""]);
  assert.match(verified.stdout, /^holds ada\.html/);
  assert.match(verified.stdout, /^name\s+Ada's card$/m);
  assert.match(verified.stdout, new RegExp(`^signed by\\s+${owner}$`, "m"));
  assert.match(verified.stdout, /^contacts\s+signal\.gemmapod\.com, stun\.l\.google\.com:19302, /m);

  const { code, stdout } = await at.pack("verify", "ada.html", "--json");
  assert.equal(code, 0);
  const { ok, podId, ownerPubkey } = JSON.parse(stdout);
  assert.deepEqual([ok, podId, ownerPubkey], [true, "ada", owner]);
});

Deno.test("gemmapod-pack verify fails on a page that does not hold, and says why", async () => {
  await using at = await packPlace();
  await at.pack("init", ".", "--id", "x");
  await at.pack("build", ".", "--out", "page.html");
  const html = await Deno.readTextFile(at.at("page.html"));
  const changed = html.replace(
    /(MANIFEST_B64 = ".{200})(.)/,
    (_all, head, character) => head + (character === "A" ? "B" : "A"),
  );
  await Deno.writeTextFile(at.at("page.html"), changed);

  const said = await at.pack("verify", "page.html");
  assert.deepEqual([said.code, said.stdout], [1, ""]);
  assert.match(said.stderr, /^error: Cannot accept the manifest: /);

  const { code, stdout, stderr } = await at.pack("verify", "page.html", "--json");
  assert.deepEqual([code, stderr], [1, ""]);
  const verdict = JSON.parse(stdout);
  assert.deepEqual([verdict.ok, verdict.code], [false, "manifest_rejected"]);
});

Deno.test("gemmapod-pack tells all mistakes of a pod.toml, a line each, and writes nothing", async () => {
  await using at = await packPlace();
  const toml = `name = 1
system_promt = "x"
[transport.dartc]
signal_url = "here"
require_proof = 3
[[tools]]
name = "a b"
`;
  await Deno.writeTextFile(at.at("pod.toml"), toml);
  await at.pack("keygen");
  const { code, stdout, stderr } = await at.pack("build", ".", "--out", "page.html");
  assert.deepEqual([code, stdout], [1, ""]);
  const lines = stderr.trimEnd().split("\n");
  assert.equal(lines[0], "error: Cannot use pod.toml: 7 mistakes");
  assert.equal(lines.length, 9); // and the misspelt key
  assert.match(stderr, /pod\.toml:4: transport\.dartc\.signal_url: found "here", expected a URL/);
  assert.match(stderr, /pod\.toml:2: system_promt: .*\(did you mean system_prompt\?\)/);
  await assert.rejects(Deno.stat(at.at("page.html")), Deno.errors.NotFound);
});

Deno.test("gemmapod-pack prints a warning on stderr, and the result on stdout alone", async () => {
  await using at = await packPlace();
  await at.pack("init", ".", "--id", "x");
  await Deno.writeTextFile(at.at("pod.toml"), "\n[limit]\nqueue = 1\n", { append: true });
  const built = await at.pack("build", ".", "--out", "page.html", "--json");
  assert.equal(built.code, 0);
  assert.match(built.stderr, /^warning: pod\.toml:\d+: limit: .*did you mean limits\?/);
  assert.equal(JSON.parse(built.stdout).podId, "x");
});

Deno.test("gemmapod-pack overwrites no pod.toml and no key", async () => {
  await using at = await packPlace();
  assert.equal((await at.pack("init")).code, 0);
  const before = await Deno.readTextFile(at.at("owner.key"));
  for (const command of ["init", "keygen"]) {
    const { code, stderr } = await at.pack(command);
    assert.equal(code, 1);
    assert.match(stderr, /^error: Cannot .* is there already$/m);
  }
  assert.equal(await Deno.readTextFile(at.at("owner.key")), before);
});

Deno.test("gemmapod-pack uses the key that --key names", async () => {
  await using at = await packPlace();
  await at.pack("init", "pod");
  await Deno.rename(at.at("pod", "owner.key"), at.at("safe.key"));
  assert.equal((await at.pack("build", "pod", "--out", "a.html")).code, 1);
  const built = await at.pack("build", "pod", "--out", "a.html", "--key", "safe.key");
  assert.equal(built.code, 0, built.stderr);
  const other = await at.pack("keygen", "--key", "other.key");
  assert.equal(other.code, 0);
  const refused = await at.pack("build", "pod", "--out", "a.html", "--key", "other.key");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /\[owner\] pubkey/);
});

Deno.test("gemmapod-pack ends with 2 where it was called in a way that it does not know", async () => {
  await using at = await packPlace();
  const wrong: [string[], RegExp][] = [
    [[], /^Usage: gemmapod-pack/],
    [["bild"], /Did you mean build\?/],
    [["build", "a", "b"], /too many arguments/],
    [["init", ".", "--template", "shop"], /Allowed choices are blank, card, order-taking, support/],
    [["verify"], /missing required argument 'page'/],
    [["init", ".", "--nmae", "x"], /Did you mean --name\?/],
    [["verify", "a", "b"], /too many arguments/],
  ];
  for (const [args, message] of wrong) {
    const { code, stdout, stderr } = await at.pack(...args);
    assert.deepEqual([code, stdout], [2, ""], args.join(" "));
    assert.match(stderr, message);
  }
});

Deno.test("gemmapod-pack says of each command what it does, with an example", async () => {
  await using at = await packPlace();
  for (
    const args of [["--help"], ...COMMANDS.map((c) => [c, "--help"])]
  ) {
    const { code, stdout, stderr } = await at.pack(...args);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^Usage: gemmapod-pack/);
    assert.match(stdout, /\nExamples?:\n +gemmapod-pack \w+/);
  }
  const { code, stdout } = await at.pack("--version");
  assert.equal(code, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

Deno.test("gemmapod has the packer's commands, and names itself in their help", async () => {
  await using at = await packPlace();
  const program = FROM_SOURCE.gemmapod;
  // Its own doctor looks at the machine.
  for (const command of COMMANDS.filter((name) => name !== "doctor")) {
    const { code, stdout, stderr } = await at.packWith({ program }, command, "--help");
    assert.deepEqual([code, stderr], [0, ""], command);
    assert.match(stdout, new RegExp(`^Usage: gemmapod ${command} `));
    assert.match(stdout, new RegExp(`\\nExamples?:\\n +gemmapod ${command} `));
  }
  const made = await at.packWith({ program }, "init", "pod", "--id", "ada");
  assert.match(made.stdout, /^next .*: gemmapod build pod$/m);
  assert.equal((await at.packWith({ program }, "build", "pod")).code, 0);
  assert.equal((await at.packWith({ program }, "verify", "pod/dist/ada.html")).code, 0);
});
