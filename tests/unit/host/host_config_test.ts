import assert from "node:assert/strict";
import { hostSettings } from "../../../src/host/host_config.ts";

const env = (variables: Record<string, string> = {}) => (name: string) => variables[name];

Deno.test("hostSettings: the defaults are those of the documentation", () => {
  const settings = hostSettings({}, env());
  assert.equal(settings.ollamaUrl, "http://localhost:11434");
  assert.deepEqual([settings.ports[0], settings.ports.at(-1), settings.ports.length], [
    57_447,
    57_456,
    10,
  ]);
  assert.match(settings.home, /\.gemmapod$/);
  assert.match(settings.databasePath, /\.gemmapod.host\.sqlite$/);
  assert.deepEqual([settings.maxPeers, settings.queue], [256, 32]);
  assert.equal(settings.apiKey, undefined);
});

Deno.test("hostSettings: the environment fills in what the configuration leaves open", () => {
  const variables = env({
    GEMMAPOD_HOME: "/home",
    GEMMAPOD_PORT: "57500",
    GEMMAPOD_API_KEY: "key",
    GEMMAPOD_HOST_DB: "/data/db",
    GEMMAPOD_PROVIDER_URL: "https://models.example/api",
    OLLAMA_URL: "http://other",
    OWNER_PUBKEY: "AB".repeat(32),
    GEMMAPOD_ICE_SERVERS: `[{"urls":"stun:stun.example.org"}]`,
  });
  const settings = hostSettings({}, variables);
  assert.deepEqual(
    [settings.ports, settings.apiKey, settings.databasePath, settings.discoveryPath],
    [[57_500], "key", "/data/db", "/home/host.json"],
  );
  assert.equal(settings.ollamaUrl, "https://models.example/api");
  assert.equal(settings.ownerPubkey, "ab".repeat(32));
  assert.equal(settings.iceServers?.length, 1);
  const given = hostSettings({ ollamaUrl: "http://mine", port: 0, home: "/mine" }, variables);
  assert.deepEqual([given.ollamaUrl, given.ports, given.home], ["http://mine", [0], "/mine"]);
  assert.equal(given.databasePath, "/mine/host.sqlite");
});

Deno.test("hostSettings: an endpoint may be written without a scheme", () => {
  assert.equal(
    hostSettings({ ollamaUrl: "127.0.0.1:11434" }, env()).ollamaUrl,
    "http://127.0.0.1:11434",
  );
});

Deno.test("hostSettings: what cannot be used is named", () => {
  assert.throws(() => hostSettings({}, env({ GEMMAPOD_PORT: "http" })), /GEMMAPOD_PORT/);
  assert.throws(() => hostSettings({}, env({ GEMMAPOD_PORT: "70000" })), /GEMMAPOD_PORT/);
  assert.throws(() => hostSettings({}, env({ OWNER_PUBKEY: "abc" })), /OWNER_PUBKEY/);
  assert.throws(() => hostSettings({}, env({ GEMMAPOD_ICE_SERVERS: "{}" })), {
    code: "bad_ice_servers",
  });
  assert.throws(() => hostSettings({ ollamaUrl: "http://" }, env()), { code: "bad_setting" });
});
