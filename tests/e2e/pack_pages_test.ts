import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { packPlace } from "./pack_place.ts";
import { quietBroker, store } from "./small_page.ts";
import { FROM_SOURCE } from "./chain.ts";

Deno.test("gemmapod-pack build, rebuild: the usual place, or the one that it was told first", async () => {
  await using at = await packPlace();
  await at.pack("init", "pod", "--id", "ada", "--name", "Ada");
  const early = await at.pack("rebuild", "pod");
  assert.equal(early.code, 1);
  assert.match(early.stderr, /^error: Cannot rebuild pod: no page of it is there; `build` makes/);

  const built = await at.pack("build", "pod");
  assert.match(built.stdout, /^wrote pod\/dist\/ada\.html\nname +Ada\nsize .*\npod id +ada\n/);
  assert.equal((await at.json("build", "pod", "--out", "card.html")).out, "card.html");

  const toml = await Deno.readTextFile(at.at("pod", "pod.toml"));
  await Deno.writeTextFile(at.at("pod", "pod.toml"), toml.replace("Be brief.", "Be long."));
  const { out } = await at.json("rebuild", "pod");
  assert.equal(out, "card.html");
  const { manifest } = await at.json("inspect", "card.html");
  assert.match(JSON.stringify(manifest), /Be long\./);
});

Deno.test("gemmapod-pack build gives the same bytes whatever machine, time and place", async () => {
  await using at = await packPlace();
  await at.pack("init", "one", "--template", "order-taking", "--id", "ada", "--name", "Ada");
  await Deno.mkdir(at.at("elsewhere", "a b", "ui"), { recursive: true });
  const files = [".gitignore", "README.md", "owner.key", "pod.toml", "ui/order-taking.js"];
  for (const file of files.toReversed()) {
    await Deno.copyFile(at.at("one", file), at.at("elsewhere", "a b", file));
    const long = new Date(0);
    await Deno.utime(at.at("elsewhere", "a b", file), long, long);
  }
  const [deno = "", ...args] = FROM_SOURCE.pack;
  const through = ["sh", "-c", 'umask 077; exec "$@"', "sh", deno, ...args];
  const builds = [
    at.pack("build", "one", "--out", "1.html"),
    at.packWith(
      { program: through, env: { LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8", TZ: "Pacific/Apia" } },
      ...["build", "elsewhere/a b", "--out", "2.html"],
    ),
    at.packWith({ env: { LC_ALL: "C", TZ: "UTC", NO_COLOR: "1" } }, "build", "one", "--json"),
  ];
  for (const { code, stderr } of await Promise.all(builds)) {
    assert.deepEqual([code, stderr], [0, ""]);
  }
  const hashes = await Promise.all(
    ["1.html", "2.html", "one/dist/ada.html"].map(async (name) =>
      createHash("sha256").update(await Deno.readFile(at.at(name))).digest("hex")
    ),
  );
  assert.equal(new Set(hashes).size, 1, hashes.join(" "));
});

Deno.test("gemmapod-pack repack puts this runtime around an older page, without a key", async () => {
  await using at = await packPlace();
  await at.pack("init", "pod", "--template", "order-taking", "--id", "ada");
  await at.pack("build", "pod", "--out", "new.html");
  const html = await Deno.readTextFile(at.at("new.html"));
  await Deno.remove(at.at("pod", "owner.key"));
  const old = html.replace(/<script>\/\* GemmaPod[\s\S]*?<\/script>/, "<script>old()</script>");
  assert.notEqual(old, html);
  await Deno.writeTextFile(at.at("old.html"), old);

  const verdict = await at.pack("verify", "old.html");
  assert.equal(verdict.code, 0);
  assert.match(verdict.stdout, /^runtime +not this release's/m);
  assert.match(verdict.stdout, /^ +bundle +sha256 [0-9a-f]{64} +\(unknown here\)$/m);

  const repacked = await at.pack("repack", "old.html");
  assert.deepEqual([repacked.code, repacked.stderr], [0, ""]);
  assert.match(repacked.stdout, /^wrote old\.html\nname /);
  assert.equal(await Deno.readTextFile(at.at("old.html")), html);
  assert.match((await at.pack("repack", "old.html")).stdout, /of this release already$/m);
  assert.match((await at.pack("verify", "old.html")).stdout, /^runtime +this release's$/m);
  const { out, changed } = await at.json("repack", "old.html", "--out", "sub/copy.html");
  assert.deepEqual([out, changed], ["sub/copy.html", false]);
  assert.equal(await Deno.readTextFile(at.at("sub", "copy.html")), html);

  const missing = await at.pack("repack", "none.html");
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /^error: Cannot read the page: none\.html is not there$/m);
});

Deno.test("gemmapod-pack verify and inspect take an address, and say why one is no page", async () => {
  await using broker = await quietBroker();
  await using at = await packPlace();
  await at.pack("init", "pod", "--template", "support", "--id", "desk", "--name", "Desk");
  await at.pack("build", "pod", "--out", "desk.html");
  const id = await store(broker.url, await Deno.readTextFile(at.at("desk.html")));
  const address = `${broker.url}/${id}`;

  const { ok, file, podId, tools, hosts, runtime } = await at.json("verify", address);
  assert.deepEqual([ok, file, podId, tools], [true, address, "desk", [
    "search_help",
    "open_ticket",
  ]]);
  assert.deepEqual(hosts, [
    "signal.gemmapod.com",
    "stun.l.google.com:19302",
    "stun.cloudflare.com:3478",
  ]);
  assert.match(JSON.stringify(runtime), /^\{"known":true/);

  const shown = await at.pack("inspect", address);
  assert.equal(shown.code, 0);
  assert.match(
    shown.stdout,
    /^http:.*: [\d.]+ KB \(\d+ bytes\), .* compressed\n {2}bundle +\d+ bytes\n/,
  );
  const { name } = JSON.parse(shown.stdout.slice(shown.stdout.indexOf("\n{")));
  assert.equal(name, "Desk");

  const gone = await at.pack("verify", `${broker.url}/AAAAAAAAAAAA`);
  assert.equal(gone.code, 1);
  assert.match(
    gone.stderr,
    /^error: Cannot read the page: http.* answers 404; check the address$/m,
  );
  const closed = await at.packWith({}, "verify", "http://127.0.0.1:9/x", "--json");
  assert.equal(closed.code, 1);
  const { code, reason } = JSON.parse(closed.stdout);
  assert.equal(code, "no_page");
  assert.match(reason, /^Cannot read the page http:\/\/127\.0\.0\.1:9\/x: /);
});

Deno.test("gemmapod-pack verify lets no page write to the terminal", async () => {
  await using at = await packPlace();
  await at.pack("init", "pod", "--name", "\u001b[31mRed\u0007\u202e", "--id", "x");
  await at.pack("build", "pod", "--out", "page.html");
  for (const command of ["verify", "inspect"]) {
    const { stdout } = await at.pack(command, "page.html");
    // deno-lint-ignore no-control-regex -- control characters are what must not get through
    assert(!/[\u0000-\u0009\u000b-\u001f\u202e]/.test(stdout), command);
    assert.match(stdout, /Red/);
  }
});
