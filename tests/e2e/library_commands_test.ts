import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { commandPlace } from "./command_place.ts";
import { startModelEndpoint } from "./model_endpoint.ts";
import { NativeVisitor } from "./native_visitor.ts";

const saved = z.object({
  name: z.string(),
  slug: z.string(),
  dir: z.string(),
  model: z.string().nullable(),
  hasApiKey: z.literal(false),
  addedAt: z.string(),
  lastRunAt: z.string().nullable(),
});
const library = z.object({ version: z.literal(1), agents: z.array(saved) });
const listed = z.object({
  running: z.boolean(),
  pods: z.array(z.object({ id: z.string() })),
  saved: z.array(saved),
});

Deno.test("link saves a folder, list shows it, run takes it by name, unlink leaves the files", async (t) => {
  await using at = await commandPlace();
  await using model = startModelEndpoint({ models: ["other-model"] });
  const dir = await at.writePod("pod");
  const file = join(at.home, "agents.json");

  await t.step("link", async () => {
    const { code, said } = await at.call(["link", "./pod"]);
    assert.deepEqual([code, said], [
      0,
      `saved test-pod: ${dir}\nrun it with: gemmapod run test-pod`,
    ]);
    assert.equal(((await Deno.stat(file)).mode ?? 0) & 0o077, 0);
    const again = saved.parse(await at.json("link", "./pod", "--model", "other-model"));
    assert.equal(again.model, "other-model");
    const { agents } = library.parse(JSON.parse(await Deno.readTextFile(file)));
    assert.deepEqual(agents, [again]);
  });
  await t.step("another folder of the name is refused, and saved under another", async () => {
    const other = await at.writePod("other");
    const { code, said } = await at.call(["link", other]);
    assert.equal(code, 1);
    assert.match(said, /test-pod is the saved pod of .*choose another name with --name/);
    assert.equal(saved.parse(await at.json("link", other, "--name", "Mine")).slug, "mine");
    assert.equal((await at.call(["unlink", "mine"])).code, 0);
  });
  await t.step("a folder that is no pod, or one with mistakes, is not saved", async () => {
    await Deno.mkdir(join(at.folder, "empty"));
    const { code, said } = await at.call(["link", "empty"]);
    assert.equal(code, 1);
    assert.match(said, /^error: Cannot find .*pod\.toml/);
    const broken = await at.writePod("broken", "name = 5\n");
    assert.match((await at.call(["link", broken])).said, /pod\.toml:1: name: /);
    assert.equal(listed.parse(await at.json("list")).saved.length, 1);
  });
  await t.step("list, without a Host", async () => {
    assert.match((await at.call(["list"])).said, /^test-pod +- +saved +- +\/.*pod$/m);
  });
  await t.step("run <name> from anywhere, with the model that was saved", async () => {
    const flags = ["--provider-url", model.url, "--port", "0", "--headless"];
    await using host = at.gemmapod("run", "test-pod", ...flags);
    await host.line(/^\[host\] registered for pod pod$/);
    await using visitor = await NativeVisitor.visit({ signalUrl: at.signalUrl, podId: "pod" });
    await visitor.ask("Hello?");
    assert.equal((await model.request(0)).body.model, "other-model");
    assert.match((await at.call(["list"])).said, /^test-pod +pod +running +1 +\/.*pod$/m);
    const { agents: [agent] } = library.parse(JSON.parse(await Deno.readTextFile(file)));
    assert.match(agent?.lastRunAt ?? "", /^\d{4}-/);
    host.kill("SIGTERM");
    assert.equal((await host.status).code, 0);
  });
  await t.step("a name that nobody has: what was meant, or what to do", async () => {
    for (
      const [name, wanted] of [
        ["test-pdo", /Did you mean test-pod\?/],
        ["something", /`gemmapod init` makes a pod folder, `gemmapod list` shows the saved ones/],
      ] as const
    ) {
      const { code, said } = await at.call(["run", name, "--port", "0"]);
      assert.equal(code, 1);
      assert.match(said, wanted);
    }
    assert.match((await at.call(["unlink", "test-pdo"])).said, /Did you mean test-pod\?/);
  });
  await t.step("unlink", async () => {
    assert.equal(saved.parse(await at.json("unlink", "test-pod")).slug, "test-pod");
    assert.ok((await Deno.stat(join(dir, "pod.toml"))).isFile);
    assert.deepEqual(listed.parse(await at.json("list")).saved, []);
    assert.equal((await at.call(["unlink", "test-pod"])).code, 1);
  });
});

Deno.test("a library that cannot be read is said, never written over, and stops no run of a folder", async () => {
  await using at = await commandPlace();
  const dir = await at.writePod("pod");
  await Deno.mkdir(at.home);
  const file = join(at.home, "agents.json");
  await Deno.writeTextFile(file, "{");
  for (const args of [["list"], ["link", dir], ["unlink", "pod"], ["run", "pod"]]) {
    const { code, said } = await at.call(args);
    assert.equal(code, 1);
    assert.match(said, /^error: Cannot read the saved pods of .*agents\.json/);
  }
  assert.equal(await Deno.readTextFile(file), "{");
  await using host = at.gemmapod("run", "./pod", "--provider", "demo", "--port", "0");
  await host.line(/^\[host\] registered for pod pod$/);
});
