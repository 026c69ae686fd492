import assert from "node:assert/strict";
import { clockFinding } from "../../../../src/cli/doctor/check_brokers.ts";
import { diskFinding } from "../../../../src/cli/doctor/check_disk.ts";
import { HOST_PORTS, portFinding } from "../../../../src/cli/doctor/check_ports.ts";
import { runChecks } from "../../../../src/cli/doctor/run_checks.ts";
import { hostSettings } from "../../../../src/host/host_config.ts";
import { providerUrlOf } from "../../../../src/cli/provider_url.ts";

Deno.test("the doctor looks at the ports and the endpoint that a Host takes", () => {
  const { ports, ollamaUrl } = hostSettings({}, () => undefined);
  assert.deepEqual(HOST_PORTS, ports);
  assert.equal(providerUrlOf(undefined, () => undefined), ollamaUrl);
  const env = (name: string) => ({ OLLAMA_URL: "box:11434" })[name];
  assert.equal(providerUrlOf(undefined, env), hostSettings({}, env).ollamaUrl);
  assert.throws(() => providerUrlOf("http://"), /Cannot use the model endpoint/);
});

Deno.test("a clock is wrong from a minute on, and too wrong from a day on", () => {
  assert.equal(clockFinding([]).status, "warn");
  assert.equal(clockFinding([-900]).status, "good");
  assert.match(clockFinding([-3_600_000]).found, /60 min behind/);
  assert.equal(clockFinding([-3_600_000]).status, "warn");
  assert.equal(clockFinding([90_000_000]).status, "bad");
  assert.equal(clockFinding([90_000_000, 500]).status, "good", "a broker may be wrong, too");
});

Deno.test("ports are wanting when every one of them is another's", () => {
  const ports = [57_447, 57_448];
  assert.equal(portFinding(ports, [], undefined).status, "good");
  assert.match(portFinding(ports, [57_447], undefined).found, /1 free/);
  const none = portFinding(ports, ports, undefined);
  assert.equal(none.status, "bad");
  assert.match(none.todo ?? "", /--port/);
  assert.equal(portFinding(ports, [57_448], 57_447).status, "good");
});

Deno.test("a disk is short below a gigabyte, and full below a hundred megabytes", () => {
  const status = (free: number) => diskFinding(free, "/home").status;
  assert.deepEqual([5e9, 5e8, 5e6].map(status), ["good", "warn", "bad"]);
});

Deno.test("a look that hangs or fails is a finding, and keeps no other from being looked at", async () => {
  let left: AbortSignal | undefined;
  const findings = await runChecks([
    { name: "slow", look: (signal) => (left = signal, new Promise(() => {})) },
    { name: "broken", look: () => Promise.reject(new Error("no such thing")) },
    {
      name: "fine",
      look: () => Promise.resolve([{ check: "fine", status: "good", found: "yes" }]),
    },
  ], 50);
  assert.deepEqual(findings.map(({ check, status }) => `${check} ${status}`), [
    "slow bad",
    "broken bad",
    "fine good",
  ]);
  assert.match(findings[0]?.found ?? "", /longer than 0\.05 s/);
  assert.equal(left?.aborted, true);
});
