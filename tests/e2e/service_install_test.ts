import assert from "node:assert/strict";
import { join } from "node:path";
import { type Called, type CommandPlace, commandPlace } from "./command_place.ts";
import { parsePlist } from "./plist.ts";
import { run, start } from "./processes.ts";
import { startModelEndpoint } from "./model_endpoint.ts";
import { endService, UNIT, writeSystemctl } from "./systemctl_stand_in.ts";
import { tempFolder } from "./temp_folder.ts";
import { eventually } from "./eventually.ts";

const ANALYZE = "/usr/bin/systemd-analyze";

/** A file of `src/host/service`. */
async function template(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(`../../src/host/service/${name}`, import.meta.url));
}

/** A place whose owner has a HOME of their own, and a systemctl that is ours. */
interface ServicePlace extends AsyncDisposable {
  readonly place: CommandPlace;
  readonly home: string;
  readonly unit: string;
  service(...args: string[]): Promise<Called>;
  /** The environment that makes it so. */
  readonly env: Readonly<Record<string, string>>;
  /** What systemctl was told, since the last time. */
  told(): Promise<string[]>;
}

async function servicePlace(): Promise<ServicePlace> {
  await using open = new AsyncDisposableStack();
  const place = open.use(await commandPlace());
  const home = join(place.folder, "owner");
  const bin = join(place.folder, "bin");
  for (const folder of [home, bin]) await Deno.mkdir(folder);
  await writeSystemctl(bin);
  const env = {
    HOME: home,
    PATH: `${bin}:/usr/bin:/bin`,
    GEMMAPOD_PORT: "0",
    XDG_CONFIG_HOME: "",
    DENO_DIR: JSON.parse(await run([Deno.execPath(), "info", "--json"])).denoDir,
  };
  open.defer(() => endService(home));
  open.defer(async () => {
    await place.call(["service", "uninstall"], env);
  });
  let read = 0;
  const owned = open.move();
  return {
    place,
    home,
    unit: join(home, ".config/systemd/user", UNIT),
    env,
    service: (...args) => place.call(["service", ...args], env),
    told: async () => {
      const text = await Deno.readTextFile(join(home, "systemctl.log")).catch(() => "");
      const lines = text.split("\n").filter((line) => line !== "");
      return lines.slice(read, read = lines.length).filter((line) => !line.includes(" show "));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

Deno.test("service install starts the Host, install again changes nothing, uninstall takes it away", async () => {
  await using owner = await servicePlace();
  await using endpoint = await startModelEndpoint();
  const { place, service, unit, told } = owner;
  const none = await service("status");
  assert.equal(none.code, 1);
  assert.match(none.said, /no service is installed/);

  const install = ["install", "--provider-url", endpoint.url, "--json"];
  const first = await service(...install);
  assert.equal(first.code, 0, first.said);
  assert.deepEqual(JSON.parse(first.said), {
    kind: "systemd",
    path: unit,
    changed: true,
    started: true,
  });
  assert.deepEqual(await told(), [
    "--user daemon-reload",
    `--user enable ${UNIT}`,
    `--user restart ${UNIT}`,
  ]);
  const text = await Deno.readTextFile(unit);
  assert.match(text, /^# Written by `gemmapod service install`/);
  assert.match(
    text,
    new RegExp(`^ExecStart=.* start --headless --resume --provider-url=${endpoint.url}$`, "m"),
  );
  assert(text.includes(`Environment=GEMMAPOD_HOME=${place.home}\n`));

  await eventually("the Host runs", async () => (await place.call(["status"])).code === 0);
  const { pid } = JSON.parse((await place.call(["status", "--json"])).said);
  const status = JSON.parse((await service("status", "--json")).said);
  assert.deepEqual([status.installed, status.running, status.pid], [true, "yes", pid]);

  const again = await service(...install);
  assert.equal(JSON.parse(again.said).changed, false);
  assert((await told()).includes(`--user start ${UNIT}`));
  assert.equal(JSON.parse((await place.call(["status", "--json"])).said).pid, pid, "it went on");

  const other = await service("install", "--provider-url", endpoint.url, "--parallel", "3");
  assert.equal(other.code, 0);
  assert.match(other.said, /^wrote .*gemmapod\.service\n.*loginctl enable-linger.*\n.*journalctl/);
  assert((await told()).includes(`--user restart ${UNIT}`));
  assert((await Deno.readTextFile(unit)).includes("--parallel=3"));

  const gone = await service("uninstall", "--json");
  assert.deepEqual(JSON.parse(gone.said), { kind: "systemd", path: unit, removed: true });
  assert.deepEqual(await told(), [`--user disable --now ${UNIT}`, "--user daemon-reload"]);
  await assert.rejects(Deno.stat(unit), Deno.errors.NotFound);
  assert.equal((await place.call(["status"])).code, 1);
  const nothing = await service("uninstall");
  assert.deepEqual([nothing.code, nothing.said], [0, "no service is installed"]);
});

Deno.test("service never overwrites or removes a unit of somebody else", async () => {
  await using owner = await servicePlace();
  const foreign = "[Service]\nExecStart=/usr/bin/gemmapod start --headless\n";
  await Deno.mkdir(join(owner.unit, ".."), { recursive: true });
  await Deno.writeTextFile(owner.unit, foreign);
  for (const command of ["install", "uninstall"]) {
    const { code, said } = await owner.service(command);
    assert.equal(code, 1);
    assert.match(
      said,
      /^error: Cannot (write|remove) .*gemmapod\.service: `gemmapod service install` has not written/,
    );
  }
  assert.equal((await owner.service("status")).code, 1);
  assert.equal(await Deno.readTextFile(owner.unit), foreign);
  assert.deepEqual(await owner.told(), []);
});

Deno.test("service install respects XDG_CONFIG_HOME, and says what failed where systemd cannot be told", async () => {
  await using owner = await servicePlace();
  const { place } = owner;
  const config = join(place.folder, "config");
  const env = { ...owner.env, XDG_CONFIG_HOME: config, PATH: "" };
  const failed = await place.call(["service", "install"], env);
  assert.equal(failed.code, 1);
  assert.match(
    failed.said,
    /is written, and could not be started: `systemctl --user daemon-reload` failed/,
  );
  const unit = join(config, "systemd/user", UNIT);
  await Deno.stat(unit);
  const unknown = await place.call(["service", "status", "--json"], env);
  assert.equal(unknown.code, 1);
  assert.deepEqual(JSON.parse(unknown.said).running, "unknown");
  const left = await place.call(["service", "install", "--no-start"], env);
  assert.equal(left.code, 0);
  assert.match(left.said, /^kept .*\nit was not started$/);
  const uninstalled = await place.call(["service", "uninstall"], env);
  assert.equal(uninstalled.code, 0);
  assert.match(uninstalled.said, /^removed .*gemmapod\.service; pods and conversations stay$/m);
  assert.match(uninstalled.said, /^warning: `systemctl --user disable --now .*` failed/m);
  await assert.rejects(Deno.stat(unit), Deno.errors.NotFound);
});

Deno.test("service install refuses to compete with a Host that runs", async () => {
  await using owner = await servicePlace();
  await owner.place.json("start", "-d", "--empty", "--port", "0", "--provider", "demo");
  const { code, said } = await owner.service("install");
  assert.equal(code, 1);
  assert.match(said, /A Host is running already, process \d+: `gemmapod stop` it first/);
  await assert.rejects(Deno.stat(owner.unit), Deno.errors.NotFound);
});

Deno.test("systemd takes the unit without a word, as it is in the tree and as it is written", async () => {
  await using owner = await servicePlace();
  await using folder = await tempFolder("unit");
  const odd = join(folder.path, 'it\'s 100% $HOME "quoted"');
  const printed = await owner.place.call(["service", "install", "--print"], { GEMMAPOD_HOME: odd });
  assert.equal(printed.code, 0);
  await assert.rejects(Deno.stat(owner.unit), Deno.errors.NotFound);
  assert(printed.said.includes('100%% $HOME \\"quoted\\"'), "nothing is expanded");
  const plain = await template(UNIT);
  assert.match(plain, /^ExecStart=\/usr\/local\/bin\/gemmapod start --headless --resume$/m);
  assert.match(plain, /^Restart=always$/m);
  if (!await isFile(ANALYZE)) return;
  for (const text of [plain.replace("/usr/local/bin/gemmapod", "/bin/true"), printed.said]) {
    const path = join(folder.path, UNIT);
    await Deno.writeTextFile(path, text);
    const verify = start([ANALYZE, "--user", "verify", path], {
      env: { HOME: folder.path, XDG_RUNTIME_DIR: folder.path, PATH: "/usr/bin:/bin" },
    });
    assert.equal((await verify.status).code, 0, verify.lines.join("\n"));
    assert.deepEqual(verify.lines, []);
  }
});

Deno.test("the launchd agent is a property list that says what it should", async () => {
  await using place = await commandPlace();
  const odd = join(place.folder, "a <b> & c");
  const printed = await place.call([
    ...["service", "install", "--print", "--for", "launchd", "--json", "--parallel", "2"],
  ], { GEMMAPOD_HOME: odd });
  const { kind, text } = JSON.parse(printed.said);
  assert.equal(kind, "launchd");
  const plain = await template("com.gemmapod.host.plist");
  assert.deepEqual(parsePlist(plain), {
    Label: "com.gemmapod.host",
    ProgramArguments: ["/usr/local/bin/gemmapod", "start", "--headless", "--resume"],
    RunAtLoad: true,
    KeepAlive: true,
    ThrottleInterval: 5,
    ExitTimeOut: 15,
    Umask: 0o077,
  });
  const written = parsePlist(text);
  assert(typeof written === "object" && !Array.isArray(written));
  const { ProgramArguments, EnvironmentVariables, StandardErrorPath, ...rest } = written;
  assert(Array.isArray(ProgramArguments));
  assert.deepEqual(ProgramArguments.slice(-4), ["start", "--headless", "--resume", "--parallel=2"]);
  assert.deepEqual(EnvironmentVariables, { GEMMAPOD_HOME: odd });
  assert.equal(StandardErrorPath, join(odd, "logs", "host.log"));
  assert.deepEqual([rest.Label, rest.KeepAlive], ["com.gemmapod.host", true]);

  const python = (await isFile("/usr/bin/python3")) ? "/usr/bin/python3" : undefined;
  if (python === undefined) return;
  for (const xml of [plain, text]) {
    const path = join(place.folder, "agent.plist");
    await Deno.writeTextFile(path, xml);
    const said = await run([
      ...[python, "-c"],
      "import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))))",
      path,
    ]);
    assert.deepEqual(JSON.parse(said), parsePlist(xml));
  }
});

Deno.test("the file for pm2 describes one program that is no script", async () => {
  await using place = await commandPlace();
  const printed = await place.call(["service", "install", "--print", "--for", "pm2"]);
  for (const text of [await template("ecosystem.config.cjs"), printed.said]) {
    const file = { exports: { apps: [{ name: "", script: "", args: [""], interpreter: "" }] } };
    new Function("module", text)(file);
    const [app] = file.exports.apps;
    assert.deepEqual([app?.name, app?.interpreter], ["gemmapod-host", "none"]);
    assert.deepEqual(app?.args.slice(-3), ["start", "--headless", "--resume"]);
    assert(app?.script === "gemmapod" || app?.script.startsWith("/"));
  }
});

Deno.test("the Dockerfile of the Host begins from the Deno of the broker's, and serves the pod at /pod", async () => {
  const [host, signal] = await Promise.all(
    ["host", "signal"].map((room) =>
      Deno.readTextFile(new URL(`../../src/${room}/service/Dockerfile`, import.meta.url))
    ),
  );
  const from = /^FROM docker\.io\/denoland\/deno:debian-\S+ AS build$/m;
  assert.equal(from.exec(host ?? "")?.[0], from.exec(signal ?? "")?.[0]);
  assert.match(host ?? "", /^ENTRYPOINT \["\/usr\/local\/bin\/gemmapod", "run", "--headless"\]$/m);
  assert.match(host ?? "", /^CMD \["\/pod"\]$/m);
});

Deno.test("service says how it is called, and refuses what it does not know", async () => {
  await using place = await commandPlace();
  for (
    const args of [
      ["service", "install", "--for", "launchd"],
      ["service", "install", "--api-key", "sk-secret"],
      ["service", "install", "--print", "--for", "upstart"],
      ["service", "remove"],
      ["service"],
    ]
  ) {
    assert.equal((await place.call(args)).code, 2, args.join(" "));
  }
  for (const command of ["install", "uninstall", "status"]) {
    const help = await place.call(["service", command, "--help"]);
    assert.equal(help.code, 0);
    assert(help.said.includes(`\n  gemmapod service ${command}`));
  }
});

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
