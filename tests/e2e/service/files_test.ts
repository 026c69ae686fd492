import assert from "node:assert/strict";
import { configFile } from "../../../src/signal/settings/config_file.ts";
import { SETTINGS, variableOf } from "../../../src/signal/settings/setting.ts";
import { settingsOf } from "../../../src/signal/settings/settings.ts";
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
