import assert from "node:assert/strict";
import { DEFAULT_LIMITS, LIMITS_WITHOUT_ADDRESSES } from "../../../../src/signal/limits.ts";
import { configFile } from "../../../../src/signal/settings/config_file.ts";
import { type Settings, settingsOf } from "../../../../src/signal/settings/settings.ts";
import { SettingsError } from "../../../../src/signal/settings/settings_error.ts";
import { environmentSource, flagSource } from "../../../../src/signal/settings/source.ts";

/** What somebody has set, by where. */
interface Given {
  flags?: Record<string, unknown>;
  env?: Record<string, string>;
  file?: string;
}

function settings({ flags = {}, env = {}, file }: Given): Settings {
  return settingsOf([
    flagSource(flags),
    environmentSource((name) => env[name]),
    ...(file === undefined ? [] : [configFile(file, "signal.toml")]),
  ]);
}

/** What is wrong with them. */
function mistakes(given: Given): readonly string[] {
  try {
    settings(given);
  } catch (error) {
    if (error instanceof SettingsError) return error.mistakes;
    throw error;
  }
  assert.fail("nothing is wrong");
}

Deno.test("without settings a broker listens on loopback, trusts nobody and keeps nothing", () => {
  assert.deepEqual(settings({}), {
    host: "127.0.0.1",
    port: 8080,
    trustProxy: [],
    isolation: "on",
    limits: DEFAULT_LIMITS,
    logAddresses: false,
  });
});

Deno.test("a flag wins over its variable, that over PORT, that over the file", () => {
  const file = "port = 1";
  const env = { PORT: "2", GEMMAPOD_SIGNAL_PORT: "3" };
  assert.equal(settings({ file }).port, 1);
  assert.equal(settings({ file, env: { PORT: "2" } }).port, 2);
  assert.equal(settings({ file, env }).port, 3);
  assert.equal(settings({ file, env, flags: { port: "4" } }).port, 4);
});

Deno.test("an empty variable is one that is not set, and Kubernetes' own is not ours", () => {
  assert.equal(settings({ env: { PORT: "" }, file: "port = 1" }).port, 1);
  const env = { GEMMAPOD_SIGNAL_PORT: "tcp://10.0.0.1:8080", PORT: "2" };
  assert.equal(settings({ env }).port, 2);
});

Deno.test("everything can be set in each of the three places", () => {
  const expected: Settings = {
    host: "::",
    port: 9,
    dataDir: "/data",
    bus: "nats://a:4222,nats://b:4222",
    trustProxy: ["10.0.0.0/8", "::1"],
    trustRuntimes: "/runtimes",
    isolation: "off",
    limits: { ...DEFAULT_LIMITS, uploadsPerHour: 5, sessionLifetimeMs: 60_000 },
    log: "json",
    logAddresses: true,
  };
  assert.deepEqual(
    settings({
      flags: {
        host: "::",
        port: "9",
        dataDir: "/data",
        bus: "nats://a:4222,nats://b:4222",
        trustProxy: "10.0.0.0/8, ::1",
        trustRuntimes: "/runtimes",
        isolation: "off",
        limits: "uploads_per_hour=5,session_lifetime_s=60",
        log: "json",
        logAddresses: true,
      },
    }),
    expected,
  );
  assert.deepEqual(
    settings({
      env: {
        GEMMAPOD_SIGNAL_HOST: "::",
        GEMMAPOD_SIGNAL_PORT: "9",
        GEMMAPOD_SIGNAL_DATA_DIR: "/data",
        GEMMAPOD_SIGNAL_BUS: "nats://a:4222,nats://b:4222",
        GEMMAPOD_SIGNAL_TRUST_PROXY: "10.0.0.0/8,::1",
        GEMMAPOD_SIGNAL_TRUST_RUNTIMES: "/runtimes",
        GEMMAPOD_SIGNAL_ISOLATION: "off",
        GEMMAPOD_SIGNAL_LIMITS: "uploads_per_hour=5,session_lifetime_s=60",
        GEMMAPOD_SIGNAL_LOG: "json",
        GEMMAPOD_SIGNAL_LOG_ADDRESSES: "1",
      },
    }),
    expected,
  );
  assert.deepEqual(
    settings({
      file: `
host = "::"
port = 9
data_dir = "/data"
bus = "nats://a:4222,nats://b:4222"
trust_proxy = ["10.0.0.0/8", "::1"]
trust_runtimes = "/runtimes"
isolation = "off"
log = "json"
log_addresses = true
[limits]
uploads_per_hour = 5
session_lifetime_s = 60
`,
    }),
    expected,
  );
});

Deno.test("limits of several places are put together by name, and a word resets those below", () => {
  const file = "[limits]\nuploads_per_hour = 5\npods_per_socket = 7";
  const env = { GEMMAPOD_SIGNAL_LIMITS: "uploads_per_hour=6" };
  assert.deepEqual(settings({ file, env }).limits, {
    ...DEFAULT_LIMITS,
    uploadsPerHour: 6,
    podsPerSocket: 7,
  });
  assert.deepEqual(settings({ file, env, flags: { limits: "on" } }).limits, DEFAULT_LIMITS);
  assert.deepEqual(settings({ file: 'limits = "off"', env }).limits, {
    ...LIMITS_WITHOUT_ADDRESSES,
    uploadsPerHour: 6,
  });
});

Deno.test("--trust-proxy alone trusts loopback and private networks", () => {
  const expected = ["loopback", "private"];
  assert.deepEqual(settings({ flags: { trustProxy: true } }).trustProxy, expected);
  assert.deepEqual(settings({ file: "trust_proxy = true" }).trustProxy, expected);
  const env = { GEMMAPOD_SIGNAL_TRUST_PROXY: "on" };
  assert.deepEqual(settings({ env }).trustProxy, expected);
  assert.deepEqual(settings({ env, flags: { trustProxy: "off" } }).trustProxy, []);
});

const wrong: readonly [given: Given, expected: readonly string[]][] = [
  [{ flags: { port: "seventy" } }, [
    '--port: found "seventy", expected a port, a whole number from 0 to 65535',
  ]],
  [{ env: { PORT: "65536" } }, [
    "PORT: found 65536, expected a port, a whole number from 0 to 65535",
  ]],
  [{ file: '\nport = "8080"' }, [
    'signal.toml:2: port: found "8080", expected a port, a whole number from 0 to 65535',
  ]],
  [{ file: "prot = 1" }, [
    "signal.toml:1: prot: found an unknown key, expected one of host, port, data_dir, bus, " +
    "trust_proxy, trust_runtimes, isolation, log, log_addresses, limits (did you mean port?)",
  ]],
  [{ file: "uploads_per_hour = 1" }, [
    "signal.toml:1: uploads_per_hour: found an unknown key, expected one of host, port, data_dir, " +
    "bus, trust_proxy, trust_runtimes, isolation, log, log_addresses, limits " +
    "(uploads_per_hour belongs under [limits])",
  ]],
  [{ file: "[limits]\nupload_per_hour = 1" }, [
    "signal.toml:2: limits.upload_per_hour: found an unknown key, expected one of " +
    "message_bytes, sdp_bytes, candidates_per_session, sessions_per_minute, uploads_per_hour, uploads_at_once, session_lifetime_s, pods_per_socket, sockets, sockets_per_address, unsent_bytes " +
    "(did you mean uploads_per_hour?)",
  ]],
  [{ flags: { limits: "upload_per_hour=1" } }, [
    '--limits: found an unknown limit "upload_per_hour", expected one of message_bytes, sdp_bytes, candidates_per_session, sessions_per_minute, ' +
    "uploads_per_hour, uploads_at_once, session_lifetime_s, pods_per_socket, sockets, sockets_per_address, unsent_bytes " +
    "(did you mean uploads_per_hour?)",
  ]],
  [{ flags: { limits: "uploads_per_hour=0" } }, [
    "--limits uploads_per_hour: found 0, expected uploads an hour from one address, a whole " +
    "number from 1 to 1000000000",
  ]],
  [{ flags: { limits: "maybe" } }, [
    '--limits: found "maybe", expected "on", "off", or limits as uploads_per_hour=100',
  ]],
  [{ flags: { trustProxy: "10.0.0.0/33" } }, [
    '--trust-proxy: found "10.0.0.0/33", expected an address, a network such as "10.0.0.0/8", ' +
    '"loopback" or "private"',
  ]],
  [{ file: 'trust_proxy = ["loopback", 5]' }, [
    'signal.toml:1: trust_proxy[1]: found 5, expected an address, a network such as "10.0.0.0/8", ' +
    '"loopback" or "private"',
  ]],
  [{ env: { GEMMAPOD_SIGNAL_ISOLATION: "maybe" } }, [
    'GEMMAPOD_SIGNAL_ISOLATION: found "maybe", expected "on" or "off"',
  ]],
  [{ flags: { bus: "http://user:secret@host" } }, [
    "--bus: found something else, expected addresses as nats://host:4222 or tls://host:4222, " +
    "several with commas",
  ]],
  [{ file: "port = 80\nport = 81" }, [
    "signal.toml:2:1: found text that is not TOML: trying to redefine an already defined table or value",
  ]],
];

for (const [given, expected] of wrong) {
  Deno.test(`what is wrong is named with its place: ${expected[0]?.slice(0, 60)}…`, () => {
    assert.deepEqual(mistakes(given), expected);
  });
}

Deno.test("everything that is wrong is said at once, and what a flag overrules is not", () => {
  const file = 'port = -1\nhost = ""\nisolation = 5\nlog_addresses = "yes"\n[limits]\nx = 1';
  const env = { PORT: "-1", GEMMAPOD_SIGNAL_LOG: "xml" };
  assert.deepEqual(
    mistakes({ file, env, flags: { port: "80" } }).map((line) => line.split(": found")[0]),
    [
      "signal.toml:6: limits.x",
      "signal.toml:2: host",
      "signal.toml:3: isolation",
      "GEMMAPOD_SIGNAL_LOG",
      "signal.toml:4: log_addresses",
    ],
  );
});

Deno.test("names of the language are no limits", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    const [line] = mistakes({ flags: { limits: `${name}=1` } });
    assert.match(line ?? "", new RegExp(`unknown limit "${name}"`));
  }
});
