/**
 * Whether the programs need what they may do: each permission is taken away once, and then Deno
 * must refuse what it was for. By the Deno that compiles them and from their sources, so that
 * nothing has to be compiled as many times. That nothing is missing, the other tests here show.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { createLogger } from "../../../src/base/mod.ts";
import { compiler } from "../../../src/assets/compile/deno_compile.ts";
import {
  type Permission,
  permissionFlags,
} from "../../../src/assets/compile/program_permissions.ts";
import { PROGRAMS } from "../../../src/assets/compile/program_list.ts";
import { freshWeb, ROOT_DIR } from "../../../src/assets/native.ts";
import { startBroker } from "../../../src/signal/mod.ts";
import { backgroundHostOf } from "../background_host.ts";
import { connect } from "../broker_client.ts";
import { FROM_SOURCE } from "../chain.ts";
import { run, start } from "../processes.ts";
import { tempFolder } from "../temp_folder.ts";
import { startInTerminal } from "../terminal.ts";

/** What a permission is needed for: the arguments of a program. */
type Job = readonly string[];

/** What the Host of these tests is called with; its model is built in. */
const DEMO = ["--provider", "demo", "--port", "0"];

/** Where nothing answers, on this machine. */
const NOWHERE = "http://127.0.0.1:1";

/** Done where a person looks: in a terminal. */
const FOR_A_PERSON: Job = ["deploy", "page.html"];

/** Done while a visitor comes. */
const WITH_A_VISITOR: Job = ["run", "pod", ...DEMO];

const JOBS: Readonly<Record<string, Readonly<Record<string, Job>>>> = {
  "gemmapod": {
    "net": ["start", "--empty", ...DEMO],
    "read": ["run", "pod", ...DEMO],
    "write": ["link", "pod"],
    "env": ["list"],
    "ffi": WITH_A_VISITOR,
    "sys homedir": ["list"],
    "sys hostname": ["run", "pod", ...DEMO],
    "sys statfs": ["doctor", "--broker", NOWHERE, "--ice-servers", "[]"],
    "run": ["start", "--detach", "--empty", ...DEMO],
  },
  "gemmapod-signal": {
    "net": ["--port", "0"],
    "read": ["--port", "0", "--config", "signal.toml"],
    "write": ["--port", "0", "--data-dir", "data"],
    "env GEMMAPOD_SIGNAL_*": ["--port", "0"],
    "env PORT": [],
    "env TMPDIR": ["--port", "0"],
    "env TMP": ["--port", "0"],
    "env TEMP": ["--port", "0"],
    "env CLICOLOR_FORCE": ["--help"],
  },
  "gemmapod-pack": {
    "read": ["verify", "page.html"],
    "write": ["init", "another"],
    "net": ["deploy", "page.html"],
    "env CLICOLOR_FORCE": ["--help"],
    "env TERM": FOR_A_PERSON,
    "env NO_PROXY": ["--help"],
    "env no_proxy": ["--help"],
  },
};

/** Asked for on Windows alone. */
const ON_WINDOWS: ReadonlySet<string> = new Set(["env SystemRoot"]);

const nameOf = ({ allow, only }: Permission) => only === undefined ? allow : `${allow} ${only}`;

Deno.test("whatever a program may do, it needs", async (test) => {
  await freshWeb(); // else a program would build it, which none of them may
  await using folder = await tempFolder("permissions");
  await using _host = backgroundHostOf(join(folder.path, ".gemmapod")); // of a job that may too much
  const log = createLogger({ name: "signal", write: () => {} });
  await using broker = await startBroker({ port: 0, limits: "off", log });
  const at = { cwd: folder.path, env: environment(folder.path) };
  const init = ["init", "pod", "--template", "support", "--broker", broker.url];
  await run([...FROM_SOURCE.pack, ...init], at);
  await run([...FROM_SOURCE.pack, "build", "pod", "--out", "page.html"], at);
  const podId = /^(?:pod_)?id = "([^"]+)"/m.exec(
    await Deno.readTextFile(join(folder.path, "pod", "pod.toml")),
  )?.[1];

  for (const { name, entry, permissions } of PROGRAMS) {
    const jobs = JOBS[name] ?? {};
    const wanted = permissions.map(nameOf).filter((one) => !ON_WINDOWS.has(one));
    assert.deepEqual(Object.keys(jobs).sort(), wanted.sort(), name);
    for (const permission of permissions) {
      const job = jobs[nameOf(permission)];
      if (job === undefined) continue;
      await test.step(`${name} may do ${nameOf(permission)}: ${permission.why}`, async () => {
        const others = permissions.filter((one) => one !== permission);
        const argv = [
          ...[compiler(), "run", "--quiet", "--no-check", "--no-prompt"],
          ...[...permissionFlags(others), join(ROOT_DIR, entry), ...job],
        ];
        await using running = job === FOR_A_PERSON ? startInTerminal(argv, at) : start(argv, at);
        const refused = running.line(new RegExp(`Requires ${permission.allow} access`));
        refused.catch(() => {}); // it is waited for below
        if (job === WITH_A_VISITOR) {
          await running.line(/registered for pod/);
          await using visitor = await connect(broker.url);
          visitor.send({ t: "offer", podId, sessionId: crypto.randomUUID(), sdp: "v=0\r\n" });
          await refused;
        }
        await refused;
      });
    }
  }
});

/** An owner's, with nothing of ours but Deno's packages. */
function environment(home: string): Record<string, string> {
  const { DENO_DIR, HOME = "", PATH = "" } = Deno.env.toObject();
  return {
    DENO_DIR: DENO_DIR ?? join(HOME, ".cache", "deno"),
    HOME: home,
    PATH,
    GEMMAPOD_ICE_SERVERS: "[]",
    // Nothing outside of this machine is asked for.
    OLLAMA_URL: NOWHERE,
  };
}
