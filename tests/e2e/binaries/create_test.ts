import assert from "node:assert/strict";
import { backgroundHostOf } from "../background_host.ts";
import { quietBroker } from "../small_page.ts";
import { NativeVisitor } from "../native_visitor.ts";
import { run } from "../processes.ts";
import { tempFolder } from "../temp_folder.ts";
import { startInTerminal } from "../terminal.ts";
import { compiledPrograms } from "./compiled_programs.ts";

const DOWN = "\x1b[B";
const ENTER = "\r";

Deno.test("the compiled create asks in a terminal, is left, goes on, and its pod answers", async () => {
  const { gemmapod } = await compiledPrograms();
  await using broker = await quietBroker();
  await using folder = await tempFolder("bin-create");
  await using _host = backgroundHostOf(`${folder.path}/.gemmapod`);
  const env = {
    HOME: folder.path,
    PATH: "",
    GEMMAPOD_PORT: "0",
    NO_COLOR: "1",
    OLLAMA_URL: "http://127.0.0.1:9", // nobody, whatever this machine has
  };
  // Its own environment is nearly empty; `script`, which makes the terminal, needs a PATH.
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const create = () =>
    startInTerminal(["/usr/bin/env", "-i", "TERM=xterm", ...variables, ...gemmapod, "create"], {
      cwd: folder.path,
      env: { PATH: "/usr/bin:/bin" },
    });
  {
    await using first = create();
    await first.line(/What is the pod called\?/);
    await first.type(`Grace${ENTER}`);
    await first.line(/What does it do\?/);
    await first.type("\x03");
    await first.line(/Left\./);
    assert.equal((await first.status).code, 1);
    // deno-lint-ignore no-control-regex -- colours are what is looked for
    assert(!/\x1b\[[0-9;]*m/.test(first.lines.join("")), "NO_COLOR was set");
  }
  await using second = create();
  await second.line(/You have begun Grace/);
  await second.type(ENTER);
  await second.line(/What does it do\?/);
  await second.type(ENTER);
  await second.line(/No model was found/);
  await second.type(ENTER); // the demo
  await second.line(/Where do visitors find it\?/);
  await second.type(DOWN + ENTER);
  await second.line(/Its address\?/);
  await second.type(broker.url + ENTER);
  await second.line(/Which folder/);
  await second.type(ENTER);
  await second.line(/Which key signs it\?/);
  await second.type(ENTER);
  await second.line(/How does it run\?/);
  await second.type(ENTER); // in the background
  await second.line(/Grace is at http:\/\//);
  assert.equal((await second.status).code, 0);
  const list = await run([...gemmapod, "list", "--json"], { cwd: folder.path, env });
  const [{ id: podId }] = JSON.parse(list).pods;
  const signalUrl = `${broker.url}/signal`;
  await using visitor = await NativeVisitor.visit({ signalUrl, podId });
  assert.match((await visitor.ask("Who are you?")).text, /demo/i);
});
