import assert from "node:assert/strict";
import { FROM_SOURCE } from "./chain.ts";
import { connect, connectHost } from "./broker_client.ts";
import { type Running, start } from "./processes.ts";

/** Starts `gemmapod-signal` with an environment of its own. */
function signal(args: readonly string[], env: Record<string, string> = {}): Running {
  const path = Deno.env.get("PATH") ?? "";
  const home = Deno.env.get("HOME") ?? "";
  return start([...FROM_SOURCE.signal, ...args], { env: { PATH: path, HOME: home, ...env } });
}

/** Where it says that it listens. */
async function address(running: Running): Promise<string> {
  const [, url] = await running.line(/^\[signal\] listening on (http:\/\/127\.0\.0\.1:\d+)$/);
  assert(url !== undefined);
  return url;
}

Deno.test("gemmapod-signal says where it listens and that it keeps pages in memory", async () => {
  await using running = signal(["--port", "0"]);
  const url = await address(running);
  await running.line(/pages are kept in memory/);
  assert.equal((await (await fetch(`${url}/health`)).json()).ok, true);
});

Deno.test("gemmapod-signal takes its port from PORT, and --port wins over it", async () => {
  await using taken = signal(["--port", "0"]);
  const url = new URL(await address(taken));
  await using refused = signal([], { PORT: url.port });
  await refused.line(new RegExp(`Cannot listen on 127\\.0\\.0\\.1:${url.port}`));
  assert.equal((await refused.status).code, 1);
  await using fine = signal(["--port", "0"], { PORT: url.port });
  assert.notEqual(await address(fine), url.origin);
});

for (const name of ["SIGTERM", "SIGINT"] as const) {
  Deno.test({
    name: `gemmapod-signal ends by itself on ${name}, and sends its Hosts away with 4012`,
    ignore: Deno.build.os === "windows", // there are no signals to send there
    async fn() {
      await using running = signal(["--port", "0"]);
      await using host = await connectHost(await address(running), "cafe");
      running.kill(name);
      assert.equal((await host.closed).code, 4012);
      assert.equal((await running.status).code, 0);
    },
  });
}

for (
  const args of [["--port", "seventy"], ["--port", "65536"], ["--limits", "maybe"], ["--what"]]
) {
  Deno.test(`gemmapod-signal ${args.join(" ")} is wrong use: exit code 2`, async () => {
    await using running = signal(args);
    assert.equal((await running.status).code, 2);
    assert.match(running.lines.join("\n"), /error: /);
  });
}

Deno.test("gemmapod-signal --help shows an example, --version a version", async () => {
  await using help = signal(["--help"]);
  assert.equal((await help.status).code, 0);
  assert.match(help.lines.join("\n"), /Examples:\n +gemmapod-signal/);
  await using version = signal(["--version"]);
  assert.equal((await version.status).code, 0);
  assert.match(version.lines.join("\n"), /^\d+\.\d+\.\d+$/);
});

Deno.test("gemmapod-signal --health says whether the broker of its settings serves", async () => {
  await using running = signal(["--port", "0", "--host", "0.0.0.0"]);
  const [, port = ""] = await running.line(/listening on http:\/\/\S+:(\d+)$/);
  // As in an image: the same variables, and proxies that know nothing of it.
  const env = { GEMMAPOD_SIGNAL_HOST: "0.0.0.0", PORT: port, HTTP_PROXY: "http://127.0.0.1:9" };
  await using well = signal(["--health"], env);
  assert.equal((await well.status).code, 0);
  assert.deepEqual(well.lines, ["it serves"]);
  running.kill("SIGTERM");
  await running.status;
  await using gone = signal(["--health"], env);
  assert.equal((await gone.status).code, 1);
  assert.match(gone.lines.join("\n"), /^error: No broker serves at 127\.0\.0\.1 port \d+: /);
});

Deno.test("gemmapod-signal --health takes no other server for a broker that serves", async () => {
  for (const answer of ["HTTP/1.1 503 Service Unavailable\r\n\r\n", "SSH-2.0-OpenSSH\r\n", ""]) {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const serving = (async () => {
      using connection = await listener.accept();
      await connection.read(new Uint8Array(1024));
      await connection.write(new TextEncoder().encode(answer));
    })();
    await using asked = signal(["--health", "--port", `${listener.addr.port}`]);
    assert.equal((await asked.status).code, 1, answer);
    await serving;
  }
});

Deno.test("gemmapod-signal says in a sentence that its data folder cannot be used", async () => {
  const file = await Deno.makeTempFile({ prefix: "gemmapod-broker-" });
  try {
    await using running = signal(["--port", "0", "--data-dir", file]);
    await running.line(/Cannot use the data folder /);
    assert.equal((await running.status).code, 1);
  } finally {
    await Deno.remove(file);
  }
});

/** A folder with a configuration file in it. */
async function configured(toml: string): Promise<{ file: string } & AsyncDisposable> {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-broker-" });
  const file = `${folder}/signal.toml`;
  await Deno.writeTextFile(file, toml);
  return { file, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

Deno.test("gemmapod-signal reads a configuration file, below variables and flags", async () => {
  await using folder = await configured(`
port = 1
host = "127.0.0.1"
log = "text"
[limits]
uploads_per_hour = 1
sessions_per_minute = 2
`);
  const env = { GEMMAPOD_SIGNAL_CONFIG: folder.file, GEMMAPOD_SIGNAL_PORT: "0" };
  await using running = signal(["--limits", "sessions_per_minute=1"], env);
  const url = await address(running);
  await running.line(/^\[signal\] pages are kept in memory/);

  const post = () => fetch(`${url}/pods`, { method: "POST", body: "no page" });
  await (await post()).body?.cancel();
  const refused = await post();
  assert.equal(refused.status, 429);
  await refused.body?.cancel();

  await using visitor = await connect(url);
  for (const sessionId of ["s", "t"]) {
    visitor.send({ t: "offer", podId: "cafe", sessionId, sdp: "v=0" });
  }
  assert.equal((await visitor.closed).code, 4029);
  running.kill("SIGTERM"); // it takes its folder away
  await running.status;
});

Deno.test("gemmapod-signal says everything that is wrong with its settings, and what to do", async () => {
  await using folder = await configured("prot = 8080\nisolation = true\n");
  await using running = signal(["--config", folder.file, "--bus", "localhost:4222"]);
  assert.equal((await running.status).code, 2);
  const said = running.lines.join("\n");
  assert.match(said, /error: Cannot start: 3 mistakes in the settings/);
  assert.match(said, /signal\.toml:1: prot: .* \(did you mean port\?\)/);
  assert.match(said, /signal\.toml:2: isolation: found true, expected "on" or "off"/);
  assert.match(said, /--bus: .*expected addresses as nats:\/\/host:4222/);
});

Deno.test("gemmapod-signal says that its configuration file is not there", async () => {
  await using running = signal(["--config", "/nowhere/signal.toml"]);
  assert.equal((await running.status).code, 2);
  assert.match(running.lines.join("\n"), /--config \/nowhere\/signal\.toml: found no file/);
});

Deno.test("gemmapod-signal logs JSON where no person looks, without SDP, addresses and forgery", async () => {
  const forged = '"}\n{"level":"error","event":"forged"}\u001b[2J\u202e';
  const lines: string[] = [];
  for (const flags of [[], ["--log-addresses"]]) {
    await using running = signal(["--port", "0", "--limits", "sessions_per_minute=2", ...flags]);
    const url = await address(running);
    await using host = await connectHost(url, forged);
    await using visitor = await connect(url);
    for (const sessionId of ["s", "t", "u"]) {
      visitor.send({ t: "offer", podId: forged, sessionId, sdp: "v=0 secret-sdp" });
    }
    await visitor.closed;
    await running.line(/"event":"over_limit"/);
    await host.close();
    await running.line(/"event":"origin_left"/);
    running.kill(Deno.build.os === "windows" ? "SIGKILL" : "SIGTERM");
    await running.status;
    lines.push(...running.lines.filter((line) => !line.startsWith("[signal] listening on ")));
  }
  const events = lines.map((line) => JSON.parse(line));
  assert(events.every(({ time, level, name, event }) => time && level && name && event));
  assert(events.some(({ event, pod }) => event === "origin_registered" && pod === forged));
  assert(!lines.some((line) => /[^\u0020-\u007e]/.test(line)));
  assert(!lines.some((line) => line.includes("secret-sdp")));
  const withAddress = events.filter(({ address }) => address !== undefined);
  assert.deepEqual([...new Set(withAddress.map(({ event }) => event))].sort(), [
    "origin_registered",
    "over_limit",
  ]);
  assert.equal(withAddress.length, 2); // of the second run alone
});

Deno.test("a client cannot fill the log: what is said too often is counted", async () => {
  await using running = signal(["--port", "0"]);
  const url = await address(running);
  await using host = await connect(url);
  for (let i = 0; i < 1000; i++) host.send({ t: "register", podId: "cafe" });
  for (let i = 0; i < 1000; i++) await host.next();
  assert(running.lines.length < 100);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert.match(metrics, /^gemmapod_signal_log_lines_dropped_total 940$/m);
});

Deno.test("what clients of the wire keep to can be made less", async () => {
  const limits = "message_bytes=2048,sdp_bytes=1024,candidates_per_session=1";
  await using running = signal(["--port", "0", "--limits", limits]);
  const url = await address(running);
  await using host = await connectHost(url, "cafe");

  await using large = await connect(url);
  large.send({ t: "ping", padding: "x".repeat(2048) });
  assert.equal((await large.closed).code, 4029);
  await using long = await connect(url);
  long.send({ t: "offer", podId: "cafe", sessionId: "s", sdp: "x".repeat(1025) });
  assert.equal((await long.closed).code, 4029);
  await using many = await connect(url);
  many.send({ t: "offer", podId: "cafe", sessionId: "t", sdp: "x".repeat(1024) });
  await host.next();
  for (let i = 0; i < 2; i++) {
    many.send({ t: "candidate", sessionId: "t", candidate: { candidate: "candidate:1" } });
  }
  assert.equal((await many.closed).code, 4029);
});
