import assert from "node:assert/strict";
import { launchd } from "../../../../src/cli/service/launchd.ts";
import type { RunTool } from "../../../../src/cli/service/run_tool.ts";

/** A launchctl that has the agent, or not. */
function recorded(loaded: "loaded" | "absent") {
  const told: string[] = [];
  let has = loaded === "loaded";
  const run: RunTool = ([command, ...args]) => {
    const ok = { code: 0, out: "", complaint: "" };
    if (command === "id") return Promise.resolve({ ...ok, out: "501" });
    if (args[0] === "print") {
      const out = "gui/501/com.gemmapod.host = {\n\tactive count = 1\n\tpid = 4711\n}";
      return Promise.resolve(has ? { ...ok, out } : { ...ok, code: 113, complaint: "not found" });
    }
    told.push(
      args.join(" ").replace(/ \S*Library[/\\]LaunchAgents[/\\]/, " ~/Library/LaunchAgents/"),
    );
    has = args[0] === "bootstrap";
    return Promise.resolve(ok);
  };
  return { run, told };
}

const BOOTOUT = "bootout gui/501/com.gemmapod.host";
const BOOTSTRAP = "bootstrap gui/501 ~/Library/LaunchAgents/com.gemmapod.host.plist";

Deno.test("launchd is given an agent that it does not have", async () => {
  const { run, told } = recorded("absent");
  await launchd().start("changed", run);
  assert.deepEqual(told, [BOOTSTRAP]);
  assert.deepEqual(await launchd().state(run), { running: "yes", pid: 4711 });
});

Deno.test("launchd is given a changed agent anew, and keeps one that is the same", async () => {
  const { run, told } = recorded("loaded");
  await launchd().start("same", run);
  assert.deepEqual(told, []);
  await launchd().start("changed", run);
  assert.deepEqual(told, [BOOTOUT, BOOTSTRAP]);
});

Deno.test("launchd lets an agent go, once", async () => {
  const { run, told } = recorded("loaded");
  await launchd().stop(run);
  await launchd().stop(run);
  assert.deepEqual(told, [BOOTOUT]);
  assert.deepEqual(await launchd().state(run), { running: "no" });
  assert.deepEqual(await launchd().state(() => Promise.resolve(undefined)), { running: "unknown" });
});

Deno.test("a launchctl that fails says why", async () => {
  const run: RunTool = ([, verb]) =>
    Promise.resolve({ code: verb === "-u" ? 0 : 5, out: "501", complaint: "Input/output error" });
  await assert.rejects(
    launchd().start("changed", run),
    /`launchctl bootstrap gui\/501 .*` failed: Input\/output error/,
  );
});
