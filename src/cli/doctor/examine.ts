import { print, SaidAlready } from "../../base/native.ts";
import { printFindings } from "../../pack/native.ts";
import { printJson } from "../output.ts";
import { brokerCheck } from "./check_brokers.ts";
import { databaseCheck } from "./check_database.ts";
import { diskCheck } from "./check_disk.ts";
import { filesCheck } from "./check_files.ts";
import { hostCheck } from "./check_host.ts";
import { modelCheck } from "./check_models.ts";
import { portsCheck } from "./check_ports.ts";
import { settingsCheck } from "./check_settings.ts";
import { stunCheck } from "./check_stun.ts";
import { versionCheck } from "./check_version.ts";
import { type DoctorOptions, machineOf } from "./machine.ts";
import { runChecks } from "./run_checks.ts";

/** `gemmapod doctor`. Rejects with `SaidAlready` where something must be mended. */
export async function examine(options: DoctorOptions & { json?: true }): Promise<void> {
  const machine = await machineOf(options);
  const { paths, pods, models, brokers, iceServers } = machine;
  const isNamed = options.model !== undefined || options.providerUrl !== undefined;
  const findings = await runChecks([
    versionCheck(),
    settingsCheck(),
    modelCheck(models, isNamed ? "named" : "usual"),
    brokerCheck(brokers),
    stunCheck(iceServers),
    hostCheck(paths),
    portsCheck(),
    filesCheck(paths, pods),
    databaseCheck(paths),
    diskCheck(paths),
  ]);
  const bad = findings.filter(({ status }) => status === "bad").length;
  if (options.json) printJson({ ok: bad === 0, findings });
  else {
    printFindings(findings);
    print(
      bad === 0 ? "this machine is ready" : `${bad} ${bad === 1 ? "thing" : "things"} to mend`,
    );
  }
  if (bad > 0) throw new SaidAlready();
}
