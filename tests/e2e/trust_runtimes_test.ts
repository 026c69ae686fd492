import assert from "node:assert/strict";
import { join } from "node:path";
import { CodedError } from "../../src/base/mod.ts";
import { ask } from "./http_client.ts";
import {
  quietBroker,
  SMALL_RUNTIME,
  SMALL_RUNTIME_SHA256,
  smallPage,
  store,
} from "./small_page.ts";

/** A file of trusted runtimes, gone with its folder. */
async function trustFile(text: string) {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-broker-" });
  const path = join(folder, "runtimes.txt");
  await Deno.writeTextFile(path, text);
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function policyOf(url: string): Promise<string> {
  return String((await ask(url)).headers["content-security-policy"]);
}

Deno.test("the log names a page's unknown runtimes, and a broker that runs trusts them when they are listed", async () => {
  await using file = await trustFile("# nothing yet\n");
  await using signal = await quietBroker({ trustRuntimes: file.path });
  const url = `${signal.url}/${await store(signal.url, smallPage())}`;
  assert.match(await policyOf(url), /; sandbox /);
  const stored = signal.lines.find((line) => line.includes("pod_stored")) ?? "";
  const [, named] = / why=runtimes unknown=([0-9a-f]{64})$/.exec(stored) ?? [];
  assert.equal(named, SMALL_RUNTIME_SHA256, stored);
  await store(signal.url, smallPage());
  const again = signal.lines.find((line) => line.includes("pod_known")) ?? "";
  assert(again.endsWith(` unknown=${named}`), again);

  await Deno.writeTextFile(file.path, `${named} # the small one\n`, { append: true });
  assert.doesNotMatch(await policyOf(url), /sandbox/);
  assert.match(await policyOf(url), /script-src 'sha256-/);

  await Deno.writeTextFile(file.path, "# and no more\n");
  assert.match(await policyOf(url), /; sandbox /);
});

Deno.test("a client that has a page learns by 304 that it is trusted now", async () => {
  await using file = await trustFile("");
  await using signal = await quietBroker({ trustRuntimes: file.path });
  const url = `${signal.url}/${await store(signal.url, smallPage())}`;
  const { etag = "" } = (await ask(url)).headers;
  await Deno.writeTextFile(file.path, SMALL_RUNTIME_SHA256);
  const fresh = await ask(url, { headers: { "if-none-match": etag } });
  assert.equal(fresh.status, 304);
  assert.doesNotMatch(String(fresh.headers["content-security-policy"]), /sandbox/);
});

Deno.test("a list that turned bad leaves the last good one, and the log says so once", async () => {
  await using file = await trustFile(SMALL_RUNTIME_SHA256);
  await using signal = await quietBroker({ trustRuntimes: file.path });
  const url = `${signal.url}/${await store(signal.url, smallPage())}`;
  const complaints = () => signal.lines.filter((line) => line.includes("runtimes_kept"));

  await Deno.writeTextFile(file.path, `# list\nnot a hash\n`);
  for (let i = 0; i < 3; i++) assert.doesNotMatch(await policyOf(url), /sandbox/);
  assert.equal(complaints().length, 1);
  assert.match(complaints()[0] ?? "", /line 2 is .*not a hash/);

  await Deno.remove(file.path);
  for (let i = 0; i < 3; i++) assert.doesNotMatch(await policyOf(url), /sandbox/);
  assert.equal(complaints().length, 2);

  await Deno.writeTextFile(file.path, "");
  assert.match(await policyOf(url), /; sandbox /);
});

for (
  const [what, text, message] of [
    ["a bad line", `${SMALL_RUNTIME_SHA256}\n${SMALL_RUNTIME}\n`, /line 2 is "globalThis/],
    ["a file that is too large", "#".repeat(1024 * 1024 + 1), /over 1048576 bytes/],
  ] as const
) {
  Deno.test(`a broker does not start with ${what} for trusted runtimes, and says where`, async () => {
    await using file = await trustFile(text);
    await assert.rejects(quietBroker({ trustRuntimes: file.path }), (error: CodedError) => {
      assert.equal(error.code, "bad_trust_list");
      assert(error.message.startsWith(`Cannot read the trusted runtimes in ${file.path}: `));
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("a broker does not start with trusted runtimes that are not there, or a folder", async () => {
  await using file = await trustFile("");
  for (const path of [`${file.path}.missing`, join(file.path, "..")]) {
    await assert.rejects(quietBroker({ trustRuntimes: path }), { code: "bad_trust_list" });
  }
});
