/**
 * The Host and the broker under pm2 itself, each as the README and the files here say.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT_DIR } from "../../../src/assets/native.ts";
import { createLogger } from "../../../src/base/mod.ts";
import { startBroker } from "../../../src/signal/mod.ts";
import { findPm2 } from "../../runner/pm2.ts";
import { backgroundHostOf } from "../background_host.ts";
import { FROM_SOURCE } from "../chain.ts";
import { eventually } from "../eventually.ts";
import { podToml } from "../host_setup.ts";
import { run } from "../processes.ts";
import { tempFolder } from "../temp_folder.ts";

/** A machine is slow while it starts many things, in milliseconds. */
const WITHIN_MS = 60_000;

/** What pm2 says of a program. */
interface Kept {
  readonly name: string;
  readonly pid: number;
  readonly pm2_env: {
    readonly status: string;
    readonly restart_time: number;
    readonly exit_code?: number;
  };
}

/** A home with the programs on its PATH, and a pm2 of its own. */
interface Pm2Place extends AsyncDisposable {
  readonly folder: string;
  readonly env: Record<string, string>;
  /** Runs a command line in it. */
  sh(line: string, env?: Record<string, string>): Promise<string>;
  /** The one program that is kept. */
  kept(): Promise<Kept>;
}

async function pm2Place(): Promise<Pm2Place | undefined> {
  const pm2 = await findPm2();
  if (pm2 === undefined) return undefined; // the test command says so, and fails in CI
  await using open = new AsyncDisposableStack();
  const folder = open.use(await tempFolder("pm2")).path;
  open.use(backgroundHostOf(join(folder, ".gemmapod")));
  const bin = join(folder, "bin");
  await Deno.mkdir(bin);
  const programs = { "gemmapod": FROM_SOURCE.gemmapod, "gemmapod-signal": FROM_SOURCE.signal };
  for (const [name, argv] of Object.entries(programs)) {
    const words = argv.map((word) => `'${word}'`).join(" ");
    await Deno.writeTextFile(join(bin, name), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  }
  await Deno.writeTextFile(join(bin, "pm2"), `#!/bin/sh\nexec '${pm2}' "$@"\n`, { mode: 0o755 });
  const { DENO_DIR, HOME = "", PATH = "" } = Deno.env.toObject();
  const env = {
    PATH: `${bin}:${PATH}`,
    HOME: folder,
    DENO_DIR: DENO_DIR ?? join(HOME, ".cache", "deno"),
    PM2_HOME: join(folder, "pm2"),
    PM2_DISABLE_VERSION_CHECK: "true",
    PM2_DISCRETE_MODE: "true", // no advertisement
    GEMMAPOD_PORT: "0",
    GEMMAPOD_SIGNAL_PORT: "0",
    GEMMAPOD_ICE_SERVERS: "[]",
  };
  const sh = (line: string, more: Record<string, string> = {}) =>
    run(["sh", "-ec", line], { cwd: folder, env: { ...env, ...more } });
  open.defer(async () => void await sh("pm2 kill"));
  const owned = open.move();
  return {
    folder,
    env,
    sh,
    kept: async () => {
      const said = await sh("pm2 jlist");
      const [one, ...others] = JSON.parse(said.slice(said.indexOf("["))); // pm2's own, of our pin
      assert.deepEqual(others, []);
      return one;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The line that the README has for pm2. */
async function lineOfReadme(): Promise<string> {
  const [, line = ""] = /`(pm2 start [^`]*)`/.exec(
    await Deno.readTextFile(join(ROOT_DIR, "README.md")),
  ) ?? [];
  assert.match(line, /gemmapod-host/);
  return line.replace(/\s+/g, " ");
}

/** The file for pm2 in a room's folder of services, as a command. */
const fileOf = (room: string) =>
  `pm2 start '${join(ROOT_DIR, "src", room, "service", "ecosystem.config.cjs")}'`;

for (const [what, line] of [["the line", await lineOfReadme()], ["the file", fileOf("host")]]) {
  Deno.test(`${what} for pm2 keeps a Host with its pods running`, async () => {
    await using place = await pm2Place();
    if (place === undefined) return;
    const { folder, sh, kept } = place;
    const log = createLogger({ name: "signal", write: () => {} });
    await using broker = await startBroker({ port: 0, limits: "off", log });
    await Deno.mkdir(join(folder, "my-pod"));
    const toml = podToml(`${broker.url}/signal`, "kept-pod");
    await Deno.writeTextFile(join(folder, "my-pod", "pod.toml"), toml);
    await sh("gemmapod run my-pod -d && gemmapod kill"); // once, by hand

    const isRegistered = async () => {
      const { origins } = await (await fetch(`${broker.url}/health`)).json();
      return origins === 1;
    };
    const isRunBy = async ({ pid }: Kept) =>
      JSON.parse(await sh("gemmapod status --json || true")).pid === pid;

    await sh(line ?? "");
    await eventually("the pod is registered", isRegistered, WITHIN_MS);
    const first = await kept();
    assert.deepEqual([first.name, first.pm2_env.status], ["gemmapod-host", "online"]);
    assert.ok(await isRunBy(first));

    Deno.kill(first.pid, "SIGKILL");
    await eventually("it is started again", async () => {
      const { pid, pm2_env } = await kept();
      return pid !== 0 && pid !== first.pid && pm2_env.status === "online";
    }, WITHIN_MS);
    const again = await kept();
    await eventually("the new one answers", () => isRunBy(again), WITHIN_MS);
    await eventually("the pod is registered again", isRegistered, WITHIN_MS);
    assert.equal(again.pm2_env.restart_time, 1);

    await sh("pm2 delete gemmapod-host");
    await eventually("the pod is gone", async () => !await isRegistered(), WITHIN_MS);
    await assert.rejects(Deno.stat(join(folder, ".gemmapod", "host.json")), Deno.errors.NotFound);
  });
}

Deno.test("the file for pm2 keeps a broker running", async () => {
  await using place = await pm2Place();
  if (place === undefined) return;
  const { folder, sh, kept } = place;
  const addresses = async () => {
    const out = join(folder, "pm2", "logs", "gemmapod-signal-out.log");
    const text = await Deno.readTextFile(out).catch(() => "");
    return [...text.matchAll(/listening on (\S+)/g)].map(([, url = ""]) => url);
  };
  await sh(fileOf("signal"));
  await eventually("it listens", async () => (await addresses()).length === 1, WITHIN_MS);
  const first = await kept();
  assert.deepEqual([first.name, first.pm2_env.status], ["gemmapod-signal", "online"]);
  Deno.kill(first.pid, "SIGKILL");
  await eventually("it listens again", async () => (await addresses()).length === 2, WITHIN_MS);
  const health = await (await fetch(`${(await addresses()).at(-1)}/health`)).json();
  assert.deepEqual([health.ok, health.registry], [true, "sqlite"]);
  assert.ok((await Deno.stat(join(folder, ".gemmapod-signal", "broker.sqlite"))).isFile);
  await sh("pm2 delete gemmapod-signal");
  await assert.rejects(fetch(`${(await addresses()).at(-1)}/health`));
});

Deno.test("under pm2 wrong settings are not tried again and again", async () => {
  await using place = await pm2Place();
  if (place === undefined) return;
  await place.sh(fileOf("signal"), { GEMMAPOD_SIGNAL_PORT: "nope" });
  await eventually("it has ended", async () => {
    return (await place.kept()).pm2_env.exit_code === 2;
  }, WITHIN_MS);
  // It says "waiting restart" all the same; one that is really started again keeps its process.
  assert.equal((await place.kept()).pid, 0);
});
