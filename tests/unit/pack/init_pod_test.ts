import assert from "node:assert/strict";
import { parsePodToml } from "../../../src/pod/mod.ts";
import { readOwnerKey } from "../../../src/pod/native.ts";
import { createToolRuntime } from "../../../src/host/tools/tool_runtime.ts";
import { offerTools } from "../../../src/host/tools/offered_tools.ts";
import { loadOwnerTools } from "../../../src/host/tools/owner_tools.ts";
import { buildPod, doctorPod, initPod, keygen, verifyPage } from "../../../src/pack/mod.ts";
import { TEMPLATE_NAMES } from "../../../src/pack/native.ts";
import { ASSETS, filesOf, temporaryFolder } from "./pod_folder.ts";

Deno.test("initPod() makes a folder that packs as it is, without a warning", async () => {
  await using folder = await temporaryFolder();
  const dir = folder.at("new", "my-pod");
  const made = await initPod(dir);
  assert.deepEqual(made.files, ["owner.key", ".gitignore", "README.md", "pod.toml"]);
  assert.deepEqual(await filesOf(dir), [".gitignore", "README.md", "owner.key", "pod.toml"]);

  const toml = await Deno.readTextFile(folder.at("new", "my-pod", "pod.toml"));
  const { pod, warnings } = parsePodToml(toml);
  assert.deepEqual(warnings, []);
  assert.equal(pod.name, "my-pod");
  assert.equal(pod.id, made.podId);
  assert.match(made.podId, /^my-pod-[0-9a-f]{6}$/);
  const key = await readOwnerKey(folder.at("new", "my-pod", "owner.key"));
  assert.equal(pod.owner?.pubkey, key.publicKey);
  assert.match(await Deno.readTextFile(folder.at("new", "my-pod", ".gitignore")), /^owner\.key$/m);

  const built = await buildPod({ dir, out: folder.at("page.html"), assets: ASSETS });
  assert.deepEqual(built.warnings, []);
  assert.equal((await verifyPage(built.out)).ownerPubkey, made.ownerPubkey);
});

Deno.test("what initPod() has commented out is right once it is not", async () => {
  await using folder = await temporaryFolder();
  await initPod(folder.dir, { name: "x", podId: "x" });
  const toml = await Deno.readTextFile(folder.at("pod.toml"));
  const { pod, warnings } = parsePodToml(toml.replace(/^# (\[|[a-z_]+ = )/gm, "$1"));
  assert.deepEqual(warnings, []);
  assert(pod.llm && pod.limits && pod.transport.fallback && pod.tools.length === 1);
});

Deno.test("initPod() takes any name that people have", async () => {
  for (const name of ['"Ada" \\ <b>', "日本語 🍕", "a\nb\u007f", "\ud800"]) {
    await using folder = await temporaryFolder();
    await initPod(folder.dir, { name });
    const { pod } = parsePodToml(await Deno.readTextFile(folder.at("pod.toml")));
    assert.equal(pod.name, name.toWellFormed());
  }
});

Deno.test("initPod() writes nothing for a name or an id that no pod can have", async () => {
  await using folder = await temporaryFolder();
  await assert.rejects(initPod(folder.dir, { name: " " }), { code: "bad_name" });
  await assert.rejects(initPod(folder.dir, { podId: "a/b" }), { code: "bad_pod_id" });
  await assert.rejects(initPod(folder.dir, { broker: "here" }), { code: "bad_broker" });
  const long = "x".repeat(1000);
  await assert.rejects(initPod(folder.dir, { name: long }), { code: "invalid_pod_toml" });
  assert.deepEqual(await filesOf(folder.dir), []);
});

Deno.test("initPod() overwrites nothing", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(folder.at("pod.toml"), "mine");
  await assert.rejects(initPod(folder.dir), { code: "pod_exists" });
  assert.deepEqual(await filesOf(folder.dir), ["pod.toml"]);
  assert.equal(await Deno.readTextFile(folder.at("pod.toml")), "mine");
  await using other = await temporaryFolder();
  await Deno.writeTextFile(other.at("menu.json"), "mine");
  await assert.rejects(initPod(other.dir, { template: "order-taking" }), {
    code: "pod_exists",
    message: /menu\.json/,
  });
  assert.deepEqual(await filesOf(other.dir), ["menu.json"]);
});

Deno.test("initPod() says where it cannot write", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(folder.at("file"), "");
  const dir = folder.at("file", "pod");
  await assert.rejects(initPod(dir), { code: "bad_folder", message: /^Cannot make a pod in / });
});

Deno.test("initPod() fills a template in, and each is a pod that its doctor finds healthy", async () => {
  for (const template of TEMPLATE_NAMES) {
    await using folder = await temporaryFolder();
    const made = await initPod(folder.dir, {
      template,
      name: 'Zoë\'s "Café" {{ID}}',
      podId: "zoe",
      broker: "https://pods.example",
    });
    assert.equal(made.signalUrl, "wss://pods.example/signal");
    for (const file of made.files) {
      const text = await Deno.readTextFile(folder.at(file));
      assert(!/\{\{(?!ID\}\})/.test(text), `${template}: ${file} has a gap`);
    }
    const { pod, warnings } = parsePodToml(await Deno.readTextFile(folder.at("pod.toml")));
    assert.deepEqual(warnings, []);
    assert.deepEqual([pod.name, pod.transport.dartc], [
      'Zoë\'s "Café" {{ID}}',
      { signal_url: "wss://pods.example/signal", pod_id: "zoe" },
    ]);
    const { findings, ok } = await doctorPod(folder.dir, { network: "offline", assets: ASSETS });
    assert(ok, JSON.stringify(findings));
    const warned = findings.filter(({ status }) => status !== "good").map(({ found }) => found);
    // A card is its owner's to write; all others work as they are.
    assert.equal(warned.length, template === "card" ? 1 : 0, warned.join());
    await buildPod({ dir: folder.dir, out: folder.at("page.html"), assets: ASSETS });
  }
});

Deno.test("the tools of the templates are tools of the AI SDK, and do what they say", async () => {
  await using shop = await temporaryFolder();
  await initPod(shop.dir, { template: "order-taking", name: "Shop" });
  const call = await toolsOf(shop.dir, ["show_menu", "place_order"]);
  const menu = await call("show_menu", {});
  assert.match(JSON.stringify(menu), /Margherita/);
  const items = [{ dish: "margherita", count: 2 }, { dish: "Lemonade", count: 1 }];
  const order = { name: "Ada", items };
  assert.deepEqual(await call("place_order", order), { number: 1, total: 23, currency: "EUR" });
  assert.deepEqual(await call("place_order", order), { number: 2, total: 23, currency: "EUR" });
  const unknown = await call("place_order", { name: "Ada", items: [{ dish: "Gold", count: 1 }] });
  assert.deepEqual(unknown, { error: "there is no Gold on the menu" });
  const { orders } = JSON.parse(await Deno.readTextFile(shop.at("orders.json")));
  assert.equal(orders.length, 2);

  await using desk = await temporaryFolder();
  await initPod(desk.dir, { template: "support", name: "Desk" });
  const ask = await toolsOf(desk.dir, ["search_help", "open_ticket"]);
  assert.match(JSON.stringify(await ask("search_help", { words: "does not start" })), /Update/);
  assert.deepEqual(await ask("search_help", { words: "zebra" }), { found: [] });
  assert.deepEqual(await ask("open_ticket", { question: "Why?", contact: "a@b.c" }), { number: 1 });
});

/** Calls the tools of a folder, as its Host does: by name, with what a model has sent. */
async function toolsOf(
  dir: string,
  names: readonly string[],
): Promise<(name: string, input: unknown) => Promise<unknown>> {
  const { tools: own, problems } = await loadOwnerTools(dir);
  const { tools, problems: left } = createToolRuntime({ tools: own });
  assert.deepEqual([...problems, ...left], []);
  for (const name of names) assert(name in own);
  const offered = await offerTools(tools, () => {});
  return async (name, input) => {
    const made = { toolCallId: "1", toolName: name, input: JSON.stringify(input) };
    const { content, isError } = await offered.call(made, new AbortController().signal);
    assert(!isError, content);
    return JSON.parse(content);
  };
}

Deno.test("initPod() uses the key that is there and keeps what .gitignore says", async () => {
  await using folder = await temporaryFolder();
  const { publicKey } = await keygen(folder.dir);
  await Deno.writeTextFile(folder.at(".gitignore"), "dist");
  const made = await initPod(folder.dir, { name: "x" });
  assert.equal(made.ownerPubkey, publicKey);
  assert.deepEqual(made.files, [".gitignore", "README.md", "pod.toml"]);
  const ignored = (await Deno.readTextFile(folder.at(".gitignore"))).split("\n");
  assert(ignored.includes("dist") && ignored.includes("owner.key"));
});

Deno.test("initPod() leaves a .gitignore alone that names the key already", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(folder.at(".gitignore"), "/owner.key\r\n");
  const made = await initPod(folder.dir, { name: "x" });
  assert.deepEqual(made.files, ["owner.key", "README.md", "pod.toml"]);
  assert.equal(await Deno.readTextFile(folder.at(".gitignore")), "/owner.key\r\n");
});
