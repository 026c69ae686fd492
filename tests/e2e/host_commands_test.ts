import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { FROM_SOURCE } from "./chain.ts";
import { type CommandPlace, commandPlace } from "./command_place.ts";
import { eventually } from "./eventually.ts";
import { startModelEndpoint } from "./model_endpoint.ts";
import { NativeVisitor } from "./native_visitor.ts";
import { startInTerminal } from "./terminal.ts";

const started = z.object({ pid: z.number(), port: z.number(), url: z.string(), log: z.string() });
const status = z.object({
  running: z.literal(true),
  pid: z.number(),
  version: z.string(),
  startedAt: z.string(),
  podCount: z.number(),
  port: z.number(),
  url: z.string(),
  pods: z.array(z.object({ id: z.string(), status: z.string(), signalState: z.string() })),
});

/** Starts a Host in the background. */
async function startDetached(at: CommandPlace, ...flags: string[]) {
  const args = ["start", "-d", "--port", "0", "--provider", "demo", "--headless"];
  return started.parse(await at.json(...args, ...flags));
}

async function podsOf(at: CommandPlace) {
  return status.parse(await at.json("status")).pods;
}

/** Settles when the Host in the background has registered a pod. */
async function registered(at: CommandPlace, podId: string): Promise<void> {
  await eventually(`pod ${podId} is connected`, async () => {
    const pod = (await podsOf(at)).find(({ id }) => id === podId);
    return pod?.signalState === "connected";
  });
}

Deno.test("without a Host, commands that need one say how to start it and exit with 1", async (t) => {
  await using at = await commandPlace();
  for (const args of [["status"], ["stop"], ["stop", "pod"], ["kill"], ["dashboard"]]) {
    await t.step(args.join(" "), async () => {
      assert.deepEqual(await at.call(args), {
        code: 1,
        said: "error: no Host is running: start one with `gemmapod start`",
      });
    });
  }
  await t.step("status --json", async () => {
    const { code, said } = await at.call(["status", "--json"]);
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(said), { running: false });
  });
  await t.step("list", async () => {
    assert.deepEqual(await at.json("list"), { running: false, pods: [], saved: [] });
    assert.match((await at.call(["list"])).said, /none is saved: `gemmapod link <dir>` saves one/);
  });
});

Deno.test("start --detach returns when the Host is ready; status, list, run, stop and kill find it", async (t) => {
  await using at = await commandPlace();
  const dir = await at.writePod("pod");
  const host = await startDetached(at);
  await t.step("its log is its owner's alone", async () => {
    assert.equal(host.log, join(at.home, "logs", "host.log"));
    assert.equal(((await Deno.stat(host.log)).mode ?? 0) & 0o077, 0);
    assert.match(await Deno.readTextFile(host.log), /^\[host\] ready at http:\/\/localhost:\d+$/m);
  });
  await t.step("status knows its process", async () => {
    const { pid, port, podCount, version } = status.parse(await at.json("status"));
    assert.deepEqual([pid, port, podCount, version], [host.pid, host.port, 0, "0.7.0"]);
    assert.match((await at.call(["status"])).said, /serves no pod: `gemmapod run <pod>`/);
  });
  await t.step("a second start is refused, detached or not", async () => {
    for (const flags of [["-d"], ["--empty"]]) {
      const { code, said } = await at.call(["start", ...flags]);
      assert.equal(code, 1);
      assert.match(said, new RegExp(`A Host is running already: process ${host.pid}`));
    }
  });
  await t.step("run gives it a pod, once", async () => {
    const handed = await at.json("run", dir, "--once");
    assert.deepEqual(handed, { podId: "pod", pid: host.pid, port: host.port, url: host.url });
    await using visitor = await NativeVisitor.visit({ signalUrl: at.signalUrl, podId: "pod" });
    assert.equal(visitor.session.state, "ready");
    const again = await at.call(["run", dir, "-d"]);
    assert.equal(again.code, 1);
    assert.match(again.said, /serves it already/);
  });
  await t.step("status and list show the pod, in words and as JSON", async () => {
    assert.deepEqual((await podsOf(at)).map(({ id }) => id), ["pod"]);
    assert.match((await at.call(["status"])).said, /^pod +running +connected +\d +demo$/m);
    assert.match((await at.call(["list"])).said, /^- +pod +running +\d +\/.*pod$/m);
  });
  await t.step("stop <pod> takes an id that is there, and says what was meant", async () => {
    const { code, said } = await at.call(["stop", "pdo"]);
    assert.deepEqual([code, said], [
      1,
      `error: The running Host serves no pod "pdo". Did you mean pod?`,
    ]);
    assert.deepEqual(await at.json("stop", "pod"), { stopped: "pod", podId: "pod", pid: host.pid });
    assert.deepEqual(await podsOf(at), []);
  });
  await t.step("stop ends it, and leaves no host.json", async () => {
    assert.deepEqual(await at.call(["stop"]), {
      code: 0,
      said: `stopped the Host: process ${host.pid}`,
    });
    await assert.rejects(Deno.stat(join(at.home, "host.json")), Deno.errors.NotFound);
    assert.equal((await at.call(["status"])).code, 1);
  });
  await t.step("kill does the same", async () => {
    const { pid } = await startDetached(at, "--empty");
    assert.deepEqual(await at.json("kill"), { stopped: "host", pid });
    assert.equal((await at.call(["status"])).code, 1);
  });
});

Deno.test("a Host that was killed is taken over, and start --resume serves its pods again", async () => {
  await using at = await commandPlace();
  const dirs = [await at.writePod("one"), await at.writePod("two")];
  const first = await startDetached(at);
  for (const dir of dirs) await at.json("run", dir, "--once");
  Deno.kill(first.pid, "SIGKILL");
  await eventually("nobody is behind it", async () => (await at.call(["status"])).code !== 0);
  assert.ok((await Deno.stat(join(at.home, "host.json"))).isFile, "it is still there");
  const second = await startDetached(at, "--resume");
  assert.notEqual(second.pid, first.pid);
  for (const podId of ["one", "two"]) {
    await registered(at, podId);
    await using visitor = await NativeVisitor.visit({ signalUrl: at.signalUrl, podId });
    assert.equal(visitor.session.state, "ready");
  }
  assert.deepEqual((await podsOf(at)).map(({ id }) => id), ["one", "two"]);
});

Deno.test("start --resume goes on with the other pods where a folder is gone, and says so", async () => {
  await using at = await commandPlace();
  const gone = await at.writePod("gone");
  const dir = await at.writePod("here");
  await startDetached(at);
  for (const one of [gone, dir]) await at.json("run", one);
  await at.json("stop");
  await Deno.remove(gone, { recursive: true });
  const { log } = await startDetached(at, "--resume");
  await registered(at, "here");
  assert.deepEqual((await podsOf(at)).map(({ id }) => id), ["here"]);
  assert.match(await Deno.readTextFile(log), /cannot resume gone: Cannot find /);
});

Deno.test("run -d starts a Host with the pod in the background, and its failure is told", async (t) => {
  await using at = await commandPlace();
  const dir = await at.writePod("pod");
  const flags = ["--provider", "demo", "--port", "0"];
  await t.step("a pod.toml with mistakes: all of them, and nothing is left running", async () => {
    const broken = await at.writePod("broken", `name = 5\nmodle = "x"\n`);
    const { code, said } = await at.call(["run", broken, "-d", ...flags]);
    assert.equal(code, 1);
    for (const wanted of [/^error: The Host did not start: /, /pod\.toml:1: name: /, /modle/]) {
      assert.match(said, wanted);
    }
    assert.equal((await at.call(["status"])).code, 1);
  });
  await t.step("--once fails where no broker answers", async () => {
    const lonely = await at.writePod(
      "lonely",
      `name = "x"\nsystem_prompt = "x"\n[transport.dartc]\nsignal_url = "ws://127.0.0.1:9/signal"\npod_id = "lonely"\n`,
    );
    const { code, said } = await at.call(["run", lonely, "-d", "--once", ...flags]);
    assert.equal(code, 1);
    assert.match(said, /The broker was not reached within 10 s/);
    assert.equal((await at.call(["status"])).code, 1);
  });
  await t.step("a pod that is right", async () => {
    const { code, said } = await at.call(["run", "./pod", "-d", "--once", ...flags]);
    assert.equal(code, 0, said);
    assert.match(
      said,
      /^pod pod is served in the background: process \d+, http:\/\/localhost:\d+$/,
    );
    await using visitor = await NativeVisitor.visit({ signalUrl: at.signalUrl, podId: "pod" });
    assert.match((await visitor.ask("Hello")).text, /I am the demo/);
    assert.equal((await podsOf(at)).length, 1);
    assert.ok((await Deno.stat(dir)).isDirectory);
  });
});

Deno.test("the key of --api-key is in no argument, file or log of the Host in the background", async () => {
  await using at = await commandPlace();
  const key = "secret-key-0123456789";
  const { pid, log } = await startDetached(at, "--api-key", key, "--log-level", "debug");
  assert.doesNotMatch(await Deno.readTextFile(log), new RegExp(key));
  if (Deno.build.os === "linux") {
    assert.doesNotMatch(await Deno.readTextFile(`/proc/${pid}/cmdline`), new RegExp(key));
  }
  for await (const { name, isFile } of Deno.readDir(at.home)) {
    if (isFile) assert.doesNotMatch(await Deno.readTextFile(join(at.home, name)), new RegExp(key));
  }
});

Deno.test("a proxy of the environment is not asked for what is on this machine", async () => {
  const asked: string[] = [];
  await using proxy = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      asked.push(request.url);
      return new Response(null, { status: 502 });
    },
  );
  await using at = await commandPlace();
  await using model = startModelEndpoint();
  const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.addr.port}`, NO_PROXY: "intranet" };
  const dir = await at.writePod("pod");
  const run = ["run", dir, "-d", "--once", "--port", "0", "--provider-url", model.url];
  const { code, said } = await at.call(run, env);
  assert.equal(code, 0, said);
  assert.equal((await at.call(["status"], env)).code, 0);
  await using visitor = await NativeVisitor.visit({ signalUrl: at.signalUrl, podId: "pod" });
  assert.equal((await visitor.ask("Well?")).text, "Hello from the endpoint.");
  assert.deepEqual(asked, []);
});

Deno.test("stop waits for a Host that only says that it is being stopped", async () => {
  await using at = await commandPlace();
  let isStopping = false;
  let refused = 0;
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (asked) => {
      if (!isStopping) {
        isStopping = asked.url.endsWith("/shutdown");
        return Response.json({ pid: Deno.pid });
      }
      if (++refused === 3) void server.shutdown();
      return Response.json({ error: "The Host is being stopped" }, { status: 503 });
    },
  );
  await Deno.mkdir(at.home);
  const path = join(at.home, "host.json");
  const { port } = server.addr;
  const host = { pid: Deno.pid, port, token: "t", version: "0.0.0", startedAt: "now" };
  await Deno.writeTextFile(path, JSON.stringify(host));
  await using _file = { [Symbol.asyncDispose]: () => Deno.remove(path) }; // before it is taken for one
  const { code, said } = await at.call(["stop"]);
  assert.deepEqual([code, said, refused], [0, `stopped the Host: process ${Deno.pid}`, 3]);
});

Deno.test("start in the foreground is empty without a terminal, and SIGTERM or stop ends it with 0", async () => {
  await using at = await commandPlace();
  await at.call(["link", await at.writePod("pod")]);
  for (const end of ["SIGTERM", "stop"] as const) {
    await using host = at.gemmapod("start", "--port", "0", "--headless");
    await host.line(/^\[host\] ready at/);
    assert.deepEqual(await podsOf(at), []);
    if (end === "stop") await at.json("stop");
    else host.kill(end);
    assert.equal((await host.status).code, 0);
  }
});

Deno.test("dashboard prints the address of a Host that has one, and says where it has none", async () => {
  await using at = await commandPlace();
  await startDetached(at);
  const { code, said } = await at.call(["dashboard"]);
  assert.equal(code, 1);
  assert.match(said, /^error: the running Host is headless/);
  await at.json("stop");
  const { url } = started.parse(await at.json("start", "-d", "--port", "0"));
  assert.deepEqual(await at.json("dashboard"), { url });
  assert.deepEqual(await at.call(["dashboard", "--no-open"]), { code: 0, said: url });
});

Deno.test("every command has a --help with an example, and knows wrong use", async (t) => {
  await using at = await commandPlace();
  const commands = [
    ..."create run start stop kill status list link unlink logs dashboard memory origin".split(" "),
    ..."list show export clear".split(" ").map((name) => `memory ${name}`),
  ].map((name) => name.split(" "));
  for (const command of commands) {
    await t.step(command.join(" "), async () => {
      const { code, said } = await at.call([...command, "--help"]);
      assert.equal(code, 0);
      assert.match(said, new RegExp(`Examples?:\\n  gemmapod ${command.join(" ")}`));
      assert.ok(!said.includes("\x1b"), "colour where nobody asked for it");
      assert.deepEqual(said.split("\n").filter((line) => line.length > 80), []);
      assert.equal((await at.call([...command, "--no-such-flag"])).code, 2);
    });
  }
  for (
    const [args, wanted] of [
      [["stauts"], /Did you mean status\?/],
      [["memory", "shwo", "pod", "x"], /Did you mean show\?/],
      [["link"], /missing required argument 'dir'/],
      [["start", "--retention", "0"], /Expected a whole number from 1/],
    ] as const
  ) {
    await t.step(args.join(" "), async () => {
      const { code, said } = await at.call(args);
      assert.equal(code, 2);
      assert.match(said, wanted);
    });
  }
});

Deno.test("start asks a person which saved pod to run, and again after a name that is none", async () => {
  await using at = await commandPlace();
  for (const podId of ["first", "second"]) {
    await at.json("link", await at.writePod(podId), "--name", podId);
  }
  await using host = startInTerminal(
    [...FROM_SOURCE.gemmapod, "start", "--port", "0", "--provider", "demo"],
    at.options,
  );
  await host.line(/Which pod\?/);
  await host.line(/ 2 {2}second /);
  await host.type("nonsense\r");
  await host.line(/there is no pod "nonsense"/);
  await host.line(/Which pod\?/, 2);
  await host.type("2\r");
  await host.line(/\[host\] registered for pod second/);
  assert.deepEqual((await podsOf(at)).map(({ id }) => id), ["second"]);
});
