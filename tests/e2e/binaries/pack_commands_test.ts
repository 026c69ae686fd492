import assert from "node:assert/strict";
import { type PackPlace, packPlace } from "../pack_place.ts";
import { quietBroker } from "../small_page.ts";
import { assertAllSeen, check } from "./command_check.ts";
import { commandTree } from "./command_tree.ts";
import { compiledPrograms } from "./compiled_programs.ts";
import { packCases } from "./pack_cases.ts";

/** Calls the compiled packer with nothing around it: no HOME, no PATH. */
async function caller(at: PackPlace): Promise<(...args: string[]) => Promise<string>> {
  const { pack } = await compiledPrograms();
  const [program = ""] = pack;
  return async (...args) => {
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args,
      cwd: at.folder,
      clearEnv: true,
      env: { PATH: "" },
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    assert.equal(code, 0, `${args.join(" ")}: ${decoder.decode(stderr)}`);
    return decoder.decode(stdout);
  };
}

Deno.test("the compiled packer makes each template a page, byte for byte what the sources make", async () => {
  await using broker = await quietBroker();
  await using at = await packPlace();
  const call = await caller(at);
  for (const template of ["blank", "card", "order-taking", "support"]) {
    await call("init", template, "--template", template, "--broker", broker.url);
    assert.match(await call("doctor", template), /^healthy /m);
    const { out } = JSON.parse(await call("build", template, "--json"));
    const compiled = await Deno.readFile(at.at(out));
    await at.json("rebuild", template);
    assert.deepEqual(await Deno.readFile(at.at(out)), compiled);
    assert.match(await call("verify", out), /^runtime +this release's$/m);
    assert.match(await call("repack", out), /of this release already$/m);
    assert.match(await call("inspect", out, "--json"), /"known": true/);
    const { url } = JSON.parse(await call("deploy", template, "--json"));
    assert.match(await call("verify", url), /^holds http/);
  }
  // The pod's own script is compiled, too, to see that it is one.
  await Deno.writeTextFile(at.at("order-taking", "ui", "order-taking.js"), "import x from 'y'");
  await assert.rejects(call("build", "order-taking"), /bundle it into one classic script/);
});

Deno.test("every command of the compiled packer succeeds, fails, and prints JSON", async () => {
  const { pack } = await compiledPrograms();
  await using broker = await quietBroker();
  await using place = await packPlace();
  await Deno.mkdir(place.at("full"));
  await Deno.writeTextFile(place.at("full", "README.md"), "Mine.");
  await Deno.writeTextFile(place.at("file"), "A file.");
  await Deno.writeTextFile(place.at("broken.html"), "<p>No page of a pod.</p>");
  const at = { cwd: place.folder, env: { PATH: "", HOME: place.folder } };
  const cases = packCases({ brokerUrl: broker.url, nowhere: "http://127.0.0.1:9" });
  for (const one of cases) await check(pack, one, at);
  assertAllSeen(await commandTree(pack, at), cases);
});
