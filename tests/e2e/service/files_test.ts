import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { configFile } from "../../../src/signal/settings/config_file.ts";
import { SETTINGS, variableOf } from "../../../src/signal/settings/setting.ts";
import { settingsOf } from "../../../src/signal/settings/settings.ts";
import { parsePlist } from "../plist.ts";
import { run } from "../processes.ts";
import { serviceFile } from "./behind_proxy.ts";

Deno.test("signal.toml names every setting and limit, with what holds without it", async () => {
  const text = await serviceFile("signal.toml");
  assert.deepEqual(settingsOf([configFile(text, "signal.toml")]), settingsOf([]));

  const bare = text.replace(/^# (?=[a-z_]+ = )/gm, "");
  const all = configFile(bare, "signal.toml");
  assert.deepEqual(Object.keys(all.values).sort(), [...SETTINGS.map(({ key }) => key)].sort());
  const { dataDir, bus, trustRuntimes, log, ...others } = settingsOf([all]);
  assert.deepEqual([dataDir, bus, trustRuntimes, log], [
    "/var/lib/gemmapod-signal",
    "nats://127.0.0.1:4222",
    "/etc/gemmapod/runtimes.txt",
    "json",
  ]);
  assert.deepEqual(others, settingsOf([]));
});

Deno.test("the service files name variables that are read, and the Deno that the README names", async () => {
  const known = new Set([...SETTINGS.map(({ key }) => variableOf(key))]);
  for (const name of ["Dockerfile", "gemmapod-signal.service", "README.md", "signal.toml"]) {
    const named = (await serviceFile(name)).match(/GEMMAPOD_SIGNAL_[A-Z_]+/g) ?? [];
    assert.deepEqual(named.filter((variable) => !known.has(variable)), [], name);
  }
  const [, deno] = /denoland\/deno:debian-(\S+)/.exec(await serviceFile("Dockerfile")) ?? [];
  const readme = await Deno.readTextFile(new URL("../../../README.md", import.meta.url));
  assert(deno !== undefined && readme.includes(`deno@${deno}`));
});

Deno.test("the launchd daemon is a property list that says what it should", async () => {
  const text = await serviceFile("com.gemmapod.signal.plist");
  assert.deepEqual(parsePlist(text), {
    Label: "com.gemmapod.signal",
    ProgramArguments: [
      "/usr/local/bin/gemmapod-signal",
      "--data-dir",
      "/usr/local/var/gemmapod-signal",
    ],
    UserName: "_gemmapod",
    RunAtLoad: true,
    KeepAlive: true,
    ThrottleInterval: 5,
    ExitTimeOut: 15,
    SoftResourceLimits: { NumberOfFiles: 65_536 },
    Umask: 0o077,
    StandardOutPath: "/usr/local/var/gemmapod-signal/signal.log",
    StandardErrorPath: "/usr/local/var/gemmapod-signal/signal.log",
  });
  const script =
    "import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))))";
  const path = fileURLToPath(
    new URL("../../../src/signal/service/com.gemmapod.signal.plist", import.meta.url),
  );
  assert.deepEqual(
    JSON.parse(await run(["/usr/bin/python3", "-c", script, path])),
    parsePlist(text),
  );
});

for (const room of ["signal", "host"]) {
  Deno.test(`the service files of ${room} are those that its README names`, async () => {
    const folder = new URL(`../../../src/${room}/service/`, import.meta.url);
    const files = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
      .filter((name) => name !== "README.md" && !name.endsWith(".ts"));
    const readme = await Deno.readTextFile(new URL("README.md", folder));
    const named = [...readme.matchAll(/^\| (`[^|]*)\|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name)
    );
    assert.deepEqual(files.filter((name) => !named.includes(name)), []);
  });

  Deno.test(`the image of ${room} is asked whether it is well, and ends at SIGTERM`, async () => {
    const last = await lastStage(room);
    assert.match(last, /^STOPSIGNAL SIGTERM$/m);
    assert.match(last, /^HEALTHCHECK --interval=30s --timeout=\d+s --start-period=10s CMD \[/m);
    assert.ok(!/^RUN /m.test(last)); // there is no shell in it
  });
}

Deno.test("the image of the broker runs as nobody", async () => {
  const last = await lastStage("signal");
  assert.match(last, /^gcr\.io\/distroless\/cc-debian12:nonroot$/m);
  for (const line of [/^USER nonroot$/m, /^VOLUME \/data$/m]) assert.match(last, line);
});

/** What comes after the last `FROM` of a Dockerfile. */
async function lastStage(room: string): Promise<string> {
  const path = new URL(`../../../src/${room}/service/Dockerfile`, import.meta.url);
  return (await Deno.readTextFile(path)).split(/^FROM /m).at(-1) ?? "";
}
