import assert from "node:assert/strict";
import { join } from "node:path";
import { commandPlace } from "./command_place.ts";
import { packPlace } from "./pack_place.ts";

const ADDRESS = /^error: --provider-url: .*expected one as http:\/\/localhost:11434$/;
const BROKER = /^error: --broker: expected an address as https:\/\/pods\.example or wss:/;
const EMPTY = /^error: .* is invalid\. ?Expected a text that is not empty\.$|Expected a/;
const NUMBER = /^error: option '.*' argument '.*' is invalid\. Expected a whole number from \d+ to/;
const CHOICE = /^error: option '.*' argument '.*' is invalid\. Allowed choices are /;
const ICE = /^error: Cannot use the ICE servers: /;

/** Wrong values of each kind, and what must be said of them. */
const WRONG: readonly [readonly string[], RegExp][] = [
  ...["ht!tp:", "ftp://models.example", "http://", "8080"].map((url): [string[], RegExp] => [
    ["start", "-d", "--provider-url", url],
    ADDRESS,
  ]),
  ...["run .", "start", "create --yes --name x", "doctor", "link pod", "service install"]
    .map((command): [string[], RegExp] => [
      [...command.split(" "), "--provider-url", "ht!tp:"],
      ADDRESS,
    ]),
  [
    ["start", "-d", "--provider-url", "http://me:hidden@models.example"],
    /^error: --provider-url: (?!.*hidden).* put a key into GEMMAPOD_API_KEY/,
  ],
  ...["", "-1", "1e3", "NaN", "65536", "99999999999999999999"].map((port): [string[], RegExp] => [
    ["start", "-d", "--port", port],
    NUMBER,
  ]),
  [["run", ".", "--parallel", "0"], NUMBER],
  [["run", ".", "--max-peers", "-3"], NUMBER],
  [["start", "--retention", "0.5"], NUMBER],
  [["logs", "pod", "-n", "many"], NUMBER],
  [["start", "-d", "--provider", "cloud"], CHOICE],
  [["start", "--log-format", "xml"], CHOICE],
  [["origin", "--log-level", "loud"], CHOICE],
  [["init", "pod", "--template", "cards"], CHOICE],
  [["start", "-d", "--ice-servers", "{}"], ICE],
  [["run", ".", "--ice-servers", '[{"urls":"stun:"}]'], ICE],
  [["doctor", "--ice-servers", "stun:a"], ICE],
  [
    ["start", "-d", "--ui-dir", "nowhere"],
    /^error: Cannot use --ui-dir .*nowhere: there is no index/,
  ],
  [["start", "--ui-dir", "."], /there is no index\.html in it$/],
  [["start", "--headless", "--ui-dir", "."], /cannot be used with option/],
  [["start", "--empty", "--resume"], /cannot be used with option/],
  [["run", ".", "--provider", "demo", "--provider-url", "http://h"], /leave --provider-url out/],
  ...["doctor", "create --yes --name x", "deploy", "init pod"].map(
    (command): [string[], RegExp] => [[...command.split(" "), "--broker", "pods.example"], BROKER],
  ),
  ...["ht!tp:", "https:pods.example", "https://me:hidden@pods.example"].map(
    (broker): [string[], RegExp] => [["deploy", "--broker", broker], BROKER],
  ),
  [["create", "--name", "x", "--detach", "--no-run"], /cannot be used with option '--no-run'$/],
  [
    ["create", "--name", "x", "--provider", "demo", "--model", "m"],
    /--provider demo asks no model/,
  ],
  [["create", "--name", "x", "--yes", "--pull"], /--pull needs --model/],
  [["deploy", "card.html", "--key", "owner.key"], /a page is signed already; name its folder/],
  [["init", "pod", "--id", "a/b"], /^error: Cannot make a pod: the id "a\/b" is not 1 to 128 of/],
  ...["run", "link", "unlink", "logs", "stop", "memory list", "build", "rebuild", "repack"]
    .concat("verify", "inspect", "deploy", "init", "keygen", "memory show pod")
    .map((command): [string[], RegExp] => [[...command.split(" "), ""], EMPTY]),
  [["build", "--out", ""], EMPTY],
  [["logs", "pod", "--db", " "], EMPTY],
  [["start", "--api-key", ""], EMPTY],
];

Deno.test("values that cannot be meant are wrong use: exit code 2, a sentence, nothing begun", async () => {
  await using at = await commandPlace();
  for (const [args, says] of WRONG) {
    const { code, said } = await at.call(args);
    const name = args.join(" ");
    assert.equal(code, 2, `${name}: ${said}`);
    assert.match(said, says, name);
    assert.equal(said.split("\n").length, 1, said);
  }
  assert.deepEqual(await Array.fromAsync(Deno.readDir(at.folder)), []);
});

Deno.test("help of what there is not is wrong use, in each program", async () => {
  await using at = await commandPlace();
  for (
    const [args, wanted] of [
      [["help", "stauts"], /^error: unknown command 'stauts'\n\(Did you mean status\?\)$/],
      [["help", "memory", "lsit"], /^error: unknown command 'lsit'\n\(Did you mean list\?\)$/],
      [["memory", "help", "quux"], /^error: unknown command 'quux'\n\(`gemmapod memory --help`/],
      [["service", "quux"], /^error: unknown command 'quux'\n\(`gemmapod service --help`/],
    ] as const
  ) {
    const { code, said } = await at.call(args);
    assert.equal(code, 2, said);
    assert.match(said, wanted);
  }
  const nested = await at.call(["help", "memory", "list"]);
  assert.equal(nested.code, 0);
  assert.match(nested.said, /^Usage: gemmapod memory list/);
  await using pack = await packPlace();
  const wrong = await pack.pack("help", "biuld");
  assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
  assert.match(wrong.stderr, /^error: unknown command 'biuld'\n\(Did you mean build\?\)\n$/);
});

Deno.test("a file that cannot be used is named, in plain words, and left as it was", async () => {
  await using at = await packPlace();
  await at.pack("init", "pod", "--broker", "http://127.0.0.1:9");
  await Deno.mkdir(at.at("folder"));
  await Deno.writeTextFile(at.at("file"), "no page", { mode: 0o640 });
  for (
    const [args, wanted] of [
      [["keygen", "file"], "Cannot use file/owner.key: a part of its path is a file, not a folder"],
      [["keygen", "pod"], "Cannot write the key pod/owner.key: it is there already"],
      [["build", "pod", "--out", "folder"], "Cannot write the page to folder: it is a folder"],
      [["build", "pod", "--out", "file/x"], "Cannot write the page to file/x: a file of that name"],
      [["build", "pod", "--key", "folder"], "Cannot read the key folder: it is no key file"],
      [["deploy", "pod", "--key", "gone"], "Cannot find the key gone; `keygen` makes one"],
      [["init", "file"], "Cannot make a pod in file: a file of that name is in the way"],
      [["verify", "folder"], "Cannot read the page: folder is not a file"],
    ] as const
  ) {
    const { code, stdout, stderr } = await at.pack(...args);
    assert.deepEqual([code, stdout], [1, ""], stderr);
    assert(stderr.startsWith(`error: ${wanted}`), stderr);
    assert.doesNotMatch(stderr, /os error/);
  }
  await using place = await commandPlace();
  for (const args of [["logs", "pod"], ["memory", "list", "pod"]]) {
    const { code, said } = await place.call([...args, "--db", join(at.folder, "file")]);
    assert.deepEqual([code, said], [1, `error: Cannot read ${at.at("file")}: it is no database`]);
  }
  if (Deno.build.os === "windows") return;
  assert.equal(((await Deno.stat(at.at("file"))).mode ?? 0) & 0o777, 0o640);
});
