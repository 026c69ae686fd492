import assert from "node:assert/strict";
import { start } from "../processes.ts";
import { tempFolder } from "../temp_folder.ts";
import { check, type CommandCase, fails, misused, ok } from "./command_check.ts";
import { compiledPrograms } from "./compiled_programs.ts";

/** What the broker says of calls that do not start it. `port` is taken. */
function refusals(port: string): CommandCase[] {
  return [
    fails(/^error: Cannot listen on 127\.0\.0\.1:\d+/m, "--port", port),
    fails(/^error: Cannot use the data folder file/m, "--port", "0", "--data-dir", "file"),
    fails(
      /^error: Cannot read the trusted runtimes in none/m,
      "--port",
      "0",
      "--trust-runtimes",
      "none",
    ),
    misused(/1 mistake in the settings\n {2}--port: found "seventy"/, "--port", "seventy"),
    misused(/--bus: .*expected addresses as nats:/, "--bus", "localhost:4222"),
    misused(/expected "on", "off", or limits as/, "--limits", "maybe"),
    misused(/did you mean uploads_per_hour\?/, "--limits", "uploads_per_huor=3"),
    misused(/found no file that can be read/, "--config", "none.toml"),
    misused(/wrong\.toml:1: prot: .*did you mean port\?/, "--config", "wrong.toml"),
    misused(/Expected a text that is not empty\.$/m, "--data-dir", ""),
    misused(/unknown option '--prot'\n\(Did you mean --port\?\)/, "--prot", "1"),
    misused(/too many arguments.*\n\(`gemmapod-signal --help`/, "start"),
    ok(/^it serves$/m, "--health", "--port", port),
    fails(/^error: No broker serves at 127\.0\.0\.1 port 1: /m, "--health", "--port", "1"),
    ok(/^Usage: gemmapod-signal /, "help"),
    ok(/^Usage: gemmapod-signal /, "--help"),
    ok(/^\d+\.\d+\.\d+\n$/, "--version"),
  ];
}

Deno.test("the compiled broker serves, keeps what it was given, and says why it can't start", async () => {
  const { signal } = await compiledPrograms();
  await using folder = await tempFolder("bin-broker");
  await Deno.writeTextFile(`${folder.path}/file`, "");
  await Deno.writeTextFile(`${folder.path}/wrong.toml`, "prot = 1\n");
  const at = { cwd: folder.path, env: { HOME: folder.path, PATH: "" } };
  await using broker = start([...signal, "--port", "0", "--data-dir", "data", "--log", "json"], at);
  const [, url = ""] = await broker.line(/^\[signal\] listening on (\S+)$/);
  assert.equal((await (await fetch(`${url}/health`)).json()).ok, true);
  for (const one of refusals(new URL(url).port)) await check(signal, one, at);
  broker.kill("SIGTERM");
  assert.equal((await broker.status).code, 0);
  for (const line of broker.lines) {
    if (!line.startsWith("[signal] listening")) assert.doesNotThrow(() => JSON.parse(line), line);
  }
});
