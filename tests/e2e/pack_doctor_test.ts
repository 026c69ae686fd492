import assert from "node:assert/strict";
import { join } from "node:path";
import { FROM_SOURCE } from "./chain.ts";
import { packPlace } from "./pack_place.ts";
import { quietBroker } from "./small_page.ts";
import { startInTerminal } from "./terminal.ts";

Deno.test("gemmapod-pack doctor finds a fresh pod healthy, and its broker there", async () => {
  await using broker = await quietBroker();
  await using at = await packPlace();
  await at.pack("init", "pod", "--broker", broker.url);
  const { code, stdout, stderr } = await at.pack("doctor", "pod");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^ok {4}pod\.toml {3}pod\/pod\.toml can be used$/m);
  assert.match(stdout, /^warn {2}broker .* is this machine: visitors from elsewhere cannot/m);
  assert.match(stdout, new RegExp(`^ok {4}broker +${broker.url} answers$`, "m"));
  assert.match(stdout, /^healthy pod$/m);
  const { ok, findings } = await at.json("doctor", "pod", "--offline");
  assert.equal(ok, true);
  assert(!JSON.stringify(findings).includes("broker"));
});

Deno.test("gemmapod-pack doctor says what to do for each thing, and ends with 1", async () => {
  await using at = await packPlace();
  await at.pack("init", "pod", "--broker", "http://127.0.0.1:9");
  await Deno.chmod(at.at("pod", "owner.key"), 0o644);
  await Deno.writeTextFile(at.at("pod", ".gitignore"), "");
  const { code, stdout, stderr } = await at.pack("doctor", "pod");
  assert.deepEqual([code, stderr], [1, ""]);
  assert.match(stdout, /^bad {3}key .*mode 0644.*\n +→ run: chmod 600 pod\/owner\.key$/m);
  assert.match(stdout, /^bad {3}gitignore .*\n +→ add the line owner\.key to pod\/\.gitignore$/m);
  assert.match(
    stdout,
    /^bad {3}broker .*cannot be reached: .*\n +→ .*; it is signal_url in pod\.toml/m,
  );
  assert.match(stdout, /^3 things to mend in pod$/m);

  await Deno.writeTextFile(at.at("pod", "pod.toml"), "name = 1\n");
  const json = await at.pack("doctor", "pod", "--json");
  assert.equal(json.code, 1);
  const { ok, findings } = JSON.parse(json.stdout);
  assert.equal(ok, false);
  const lines = findings.map(({ found }: { found: string }) => found).join("\n");
  assert.match(lines, /^pod\/pod\.toml:1: name: found 1, expected/m);
  assert.match(lines, /^pod\/pod\.toml:1: system_prompt: found nothing/m);

  const none = await at.pack("doctor", "elsewhere");
  assert.equal(none.code, 1);
  assert.match(none.stderr, /^error: Cannot find elsewhere.pod\.toml: .*`init` makes one$/m);
});

Deno.test("gemmapod-pack speaks in colour on a terminal, and not with NO_COLOR", async () => {
  await using at = await packPlace();
  await at.pack("init", "pod");
  const { NO_COLOR: _, ...env } = Deno.env.toObject();
  for (const [more, isColoured] of [[{}, true], [{ NO_COLOR: "1" }, false]] as const) {
    await using called = startInTerminal(
      [...FROM_SOURCE.pack, "doctor", join(at.folder, "pod"), "--offline"],
      { env: { ...env, ...more } },
    );
    assert.equal((await called.status).code, 0);
    assert.equal(called.lines.join("\n").includes("\x1b[32mhealthy\x1b[0m"), isColoured);
  }
});
