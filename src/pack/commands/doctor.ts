import { Command, green, oneLine, print, SaidAlready } from "../../base/native.ts";
import { example, printJson } from "./output.ts";
import { printFindings } from "./print_findings.ts";

/** What the command line gives. */
interface DoctorOptions {
  key?: string;
  offline?: true;
  json?: true;
}

/** `doctor [dir]` */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("look a pod folder over, and say what to mend; exit code 1 if anything must be")
    .argument("[dir]", "the pod's folder", ".")
    .option("--key <file>", "the owner's key (default: owner.key in the folder)")
    .option("--offline", "do not ask the broker")
    .option("--json", "print what was found as JSON; ok is true or false")
    .addHelpText("after", example("doctor my-pod", "doctor my-pod --offline"))
    .action(async (dir: string, { key, offline, json }: DoctorOptions) => {
      const { doctorPod } = await import("../doctor/doctor_pod.ts"); // once it is called for
      const health = await doctorPod(dir, { key, network: offline ? "offline" : "online" });
      if (json) printJson(health);
      else {
        printFindings(health.findings);
        const bad = health.findings.filter(({ status }) => status === "bad").length;
        if (health.ok) print(`${green("healthy")} ${oneLine(dir)}`);
        else print(`${bad} ${bad === 1 ? "thing" : "things"} to mend in ${oneLine(dir)}`);
      }
      if (!health.ok) throw new SaidAlready();
    });
}
