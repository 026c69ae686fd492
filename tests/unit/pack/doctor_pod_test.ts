import assert from "node:assert/strict";
import { buildPod, doctorPod, type Finding, initPod } from "../../../src/pack/mod.ts";
import { ASSETS, type TemporaryFolder, temporaryFolder } from "./pod_folder.ts";

async function freshPod(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  await initPod(folder.dir, { name: "Ada", podId: "ada" });
  return folder;
}

/** What a folder's doctor finds that is not good. */
async function wrong(folder: TemporaryFolder): Promise<Finding[]> {
  const { findings, ok } = await doctorPod(folder.dir, { network: "offline", assets: ASSETS });
  assert.equal(ok, !findings.some(({ status }) => status === "bad"));
  const left = findings.filter(({ status }) => status !== "good");
  for (const { todo } of left) assert(todo, "a finding that says not what to do");
  return left;
}

/** Changes `pod.toml`, and tells what is wrong then. */
async function edited(change: (toml: string) => string): Promise<string[]> {
  await using folder = await freshPod();
  const toml = await Deno.readTextFile(folder.at("pod.toml"));
  const changed = change(toml);
  assert.notEqual(changed, toml);
  await Deno.writeTextFile(folder.at("pod.toml"), changed);
  return (await wrong(folder)).map(({ check, status, found }) => `${status} ${check}: ${found}`);
}

Deno.test("doctorPod() tells all that is wrong with a pod.toml, each with its line", async () => {
  const found = await edited((toml) => toml.replace("name =", "nmae =").replace("https", "htps"));
  assert.deepEqual(found.length, 2);
  assert.match(found[0] ?? "", /^bad pod\.toml: .*pod\.toml:1: name: found nothing/);
  assert.match(found[1] ?? "", /^bad pod\.toml: .*pod\.toml:3: nmae: .*did you mean name\?/);
});

Deno.test("doctorPod() tells of promises that cannot be kept, and of keys that nobody reads", async () => {
  const promised = await edited((toml) =>
    toml.replace('pod_id = "ada"', 'pod_id = "ada"\nrelay = true')
  );
  assert.match(promised.join(), /^bad pod\.toml: .*transport\.dartc\.relay is set$/);
  const unread = await edited((toml) => `${toml}\n[limit]\nqueue = 1\n`);
  assert.match(unread.join(), /^warn pod\.toml: .*limit: .*did you mean limits\?/);
});

Deno.test("doctorPod() looks at the key: there, private, whole, the one that pod.toml names", async () => {
  await using folder = await freshPod();
  const text = await Deno.readTextFile(folder.at("owner.key"));
  if (Deno.build.os !== "windows") {
    await Deno.chmod(folder.at("owner.key"), 0o644);
    const [open] = await wrong(folder);
    assert.deepEqual([open?.check, open?.status], ["key", "bad"]);
    assert.match(open?.todo ?? "", /^run: chmod 600 .*owner\.key$/);
  }
  await Deno.writeTextFile(folder.at("owner.key"), "{}");
  await Deno.chmod(folder.at("owner.key"), 0o600);
  assert.match((await wrong(folder))[0]?.found ?? "", /Cannot read the key/);
  assert(!JSON.stringify(await wrong(folder)).includes(JSON.parse(text).secretKey));

  await using other = await freshPod();
  await Deno.copyFile(other.at("owner.key"), folder.at("owner.key"));
  await Deno.chmod(folder.at("owner.key"), 0o600);
  assert.match((await wrong(folder))[0]?.found ?? "", /^pod\.toml names the owner [0-9a-f]{64}, /);

  await Deno.remove(folder.at("owner.key"));
  const [gone] = await wrong(folder);
  assert.match(`${gone?.found} ${gone?.todo}`, /Cannot find the key .* make one with `keygen`/);
});

Deno.test("doctorPod() advises to name the owner, with the line to write", async () => {
  await using folder = await freshPod();
  const toml = await Deno.readTextFile(folder.at("pod.toml"));
  await Deno.writeTextFile(folder.at("pod.toml"), toml.replace(/\[owner\]\npubkey = .*\n/, ""));
  const [found] = await wrong(folder);
  assert.deepEqual([found?.check, found?.status], ["owner", "warn"]);
  assert.match(found?.todo ?? "", /pubkey = "[0-9a-f]{64}"$/);
});

Deno.test("doctorPod() wants the key kept out of repositories, by this folder or one above", async () => {
  await using folder = await freshPod();
  await Deno.mkdir(folder.at(".git"));
  await Deno.writeTextFile(folder.at(".gitignore"), "dist\n");
  const [found] = await wrong(folder);
  assert.deepEqual([found?.check, found?.status], ["gitignore", "bad"]);

  await using above = await temporaryFolder();
  await Deno.mkdir(above.at(".git"));
  await Deno.writeTextFile(above.at(".gitignore"), "*.key\n");
  await initPod(above.at("pod"), { name: "Ada" });
  await Deno.remove(above.at("pod", ".gitignore"));
  const { findings } = await doctorPod(above.at("pod"), { network: "offline", assets: ASSETS });
  assert.equal(findings.find(({ check }) => check === "gitignore")?.status, "good");
});

Deno.test("doctorPod() compares the signed tools with those that the Host will have", async () => {
  const tool = (name: string) => `\n[[tools]]\nname = "${name}"\ndescription = "x"\n`;
  const wrongWith = async (signed: string[], tools: string | undefined) => {
    await using folder = await freshPod();
    const toml = await Deno.readTextFile(folder.at("pod.toml"));
    await Deno.writeTextFile(folder.at("pod.toml"), toml + signed.map(tool).join(""));
    if (tools !== undefined) await Deno.writeTextFile(folder.at("tools.ts"), tools);
    return (await wrong(folder)).map(({ status, found }) => `${status}: ${found}`).join("\n");
  };
  const both = "export default { weather: tool({}), order: tool({}) };";
  assert.equal(await wrongWith(["weather", "order", "package_demo_pod"], both), "");
  assert.match(await wrongWith(["weather"], both), /^warn: tools\.ts has the tool order, /);
  assert.match(
    await wrongWith(["wether"], undefined),
    /^bad: pod\.toml names the tool wether, and there is no tools\.ts$/,
  );
  assert.match(await wrongWith(["x"], both), /^bad: .* x, and tools\.ts exports no such tool\n/);
  assert.match(await wrongWith(["x"], "export default { ...others };"), /^warn: .* x, /);
  assert.match(await wrongWith(["x"], "export default make();"), /^warn: what tools\.ts exports/);
  assert.match(await wrongWith([], "export default { set_state: 1 };"), /^bad: .* UI tool/);
  assert.match(await wrongWith(["share_contact"], undefined), /^warn: .*contacts\.json/);
});

Deno.test("doctorPod() looks at the pod's own script, at the size, and at the page", async () => {
  await using folder = await freshPod();
  const toml = await Deno.readTextFile(folder.at("pod.toml"));
  const withEntry = toml.replace("[ui]", '[ui]\nentry = "own.js"');
  await Deno.writeTextFile(folder.at("pod.toml"), withEntry);
  assert.match((await wrong(folder))[0]?.found ?? "", /own\.js is not there/);
  await Deno.writeTextFile(folder.at("own.js"), "draw()");
  assert.deepEqual(await wrong(folder), []);

  const { out } = await buildPod({ dir: folder.dir, assets: ASSETS });
  assert.deepEqual(await wrong(folder), []);
  const later = new Date(Date.now() + 60_000);
  await Deno.utime(folder.at("own.js"), later, later);
  const [old] = await wrong(folder);
  assert.deepEqual([old?.check, old?.status, old?.todo], ["page", "warn", "run `rebuild`"]);
  assert.match(old?.found ?? "", new RegExp(`^${out}`));

  const long = withEntry.replace("You are a friendly", `${"x".repeat(40_000)} a friendly`);
  await Deno.writeTextFile(folder.at("pod.toml"), long);
  assert((await wrong(folder)).some(({ check, status }) => check === "size" && status === "bad"));
});

Deno.test("doctorPod() estimates the size of a page within two percent", async () => {
  await using folder = await freshPod();
  const assets = { bundle: "x".repeat(180_000), wasmGzip: new Uint8Array(13_000) };
  const { bytes } = await buildPod({ dir: folder.dir, assets });
  const { findings } = await doctorPod(folder.dir, { network: "offline", assets });
  const said = findings.find(({ check }) => check === "size")?.found ?? "";
  const [, kilobytes] = /^about (\d+) KB/.exec(said) ?? [];
  assert(Math.abs(Number(kilobytes) * 1_000 - bytes) < 0.02 * bytes, `${said}, it has ${bytes}`);
});

Deno.test("doctorPod() refuses what is no pod folder", async () => {
  await using folder = await temporaryFolder();
  await assert.rejects(doctorPod(folder.dir), { code: "no_pod" });
});
