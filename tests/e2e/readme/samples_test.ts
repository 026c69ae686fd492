import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT_DIR } from "../../../src/assets/native.ts";
import { readPackedPage } from "../../../src/pod/mod.ts";
import { readmeSample } from "../fixtures/readme_samples.ts";
import { NativeVisitor } from "../native_visitor.ts";
import { start } from "../processes.ts";
import { readmePlace } from "./readme_place.ts";

Deno.test("the README's tools.ts is a tool that a Host offers", async () => {
  await using place = await readmePlace();
  await place.run([
    'gemmapod init my-pod --template blank --broker "$BROKER"',
    `printf '\\n[[tools]]\\nname = "weather"\\ndescription = "The weather"\\n' >> my-pod/pod.toml`,
  ]);
  await Deno.writeTextFile(join(place.folder, "my-pod", "tools.ts"), await readmeSample("tools"));
  await place.run([
    "gemmapod-pack doctor my-pod --offline | grep -E '^ok +tools +weather$'",
    "gemmapod build my-pod --out page.html",
    "gemmapod run my-pod --provider demo",
    "! gemmapod logs my-pod | grep tools.ts", // what it could not load would be said there
  ]);
});

Deno.test("the README's program serves a pod", async () => {
  await using place = await readmePlace();
  await place.run(['gemmapod init my-pod --template blank --broker "$BROKER"']);
  const code = (await readmeSample("embed"))
    .replace("./src/host/mod.ts", pathToFileURL(join(ROOT_DIR, "src/host/mod.ts")).href)
    .replace("http://localhost:11434", place.modelUrl);
  const program = join(place.folder, "program.ts");
  await Deno.writeTextFile(program, code);
  const argv = [Deno.execPath(), "run", "-A", "--config", join(ROOT_DIR, "deno.json"), program];
  const env = { ...Deno.env.toObject(), GEMMAPOD_HOME: join(place.folder, "home") };
  await using running = start(argv, { cwd: place.folder, env });
  await running.line(/^my-pod\S* is served; the dashboard is at http:\/\/localhost:\d+$/);
  assert.equal((await running.status).code, 0);
});

Deno.test("a Host says what the README shows, line by line", async () => {
  await using place = await readmePlace();
  await place.run([
    'gemmapod init my-pod --template card --broker "$BROKER"',
    "edit my-pod/pod.toml",
    "gemmapod build my-pod --out page.html",
  ]);
  const page = readPackedPage(await Deno.readTextFile(join(place.folder, "page.html")));
  const toml = await Deno.readTextFile(join(place.folder, "my-pod", "pod.toml"));
  const [, podId = ""] = /^pod_id = "(.*)"$/m.exec(toml) ?? [];
  const [, signalUrl = ""] = /^signal_url = "(.*)"$/m.exec(toml) ?? [];
  await using host = place.start("gemmapod run my-pod");
  await host.line(/registered for pod/);
  {
    await using visitor = await NativeVisitor.visit({
      signalUrl,
      podId,
      conversationId: crypto.randomUUID(),
      signedManifestB64: page.manifestB64,
    });
    await visitor.ask("Hello?");
  }
  await host.line(/chat\.done/);
  const shown = (await readmeSample("log")).trim().split("\n");
  for (const line of shown) assert.ok(host.lines.some(like(line)), `${line}\n${host.lines}`);
});

/** Whether another line says the same of another port, pod, visitor, tool, model. */
function like(line: string): (other: string) => boolean {
  const varies = /\d{4,5}$|(?<=pod )\S+|(?<=\w=)(?!true)\S+|\d+(?= bytes)/g;
  const masked = (text: string) => text.replace(varies, "…");
  return (other) => masked(other) === masked(line);
}
