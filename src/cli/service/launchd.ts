import { homedir } from "node:os";
import { join } from "node:path";
import { AGENT_LABEL, launchdPlist } from "../../host/native.ts";
import { hostLogPath } from "../host_log.ts";
import { must, type ServiceManager } from "./manager.ts";
import type { RunTool } from "./run_tool.ts";

/** The user's launchd (launchd.plist(5), launchctl(1)). */
export function launchd(): ServiceManager {
  const path = join(homedir(), "Library", "LaunchAgents", `${AGENT_LABEL}.plist`);
  return {
    kind: "launchd",
    path,
    log: hostLogPath(),
    text: (program) => launchdPlist(program, hostLogPath()),
    start: async (file, run) => {
      const domain = await domainOf(run);
      if (await isLoaded(domain, run)) {
        if (file === "same") return;
        await must(run, ["launchctl", "bootout", `${domain}/${AGENT_LABEL}`]);
      }
      await must(run, ["launchctl", "bootstrap", domain, path]);
    },
    stop: async (run) => {
      const domain = await domainOf(run);
      if (!await isLoaded(domain, run)) return;
      await must(run, ["launchctl", "bootout", `${domain}/${AGENT_LABEL}`]);
    },
    forget: () => Promise.resolve(),
    state: async (run) => {
      const answer = await run(["launchctl", "print", `${await domainOf(run)}/${AGENT_LABEL}`]);
      if (answer === undefined) return { running: "unknown" };
      const pid = Number(/^\s*pid = (\d+)$/m.exec(answer.out)?.[1]);
      return answer.code === 0 && pid > 0 ? { running: "yes", pid } : { running: "no" };
    },
    hint: "it runs while you are logged in",
  };
}

/** Where the agents of a user are, who is asked for by the system's own program: we may not. */
async function domainOf(run: RunTool): Promise<string> {
  return `gui/${(await run(["id", "-u"]))?.out ?? ""}`;
}

async function isLoaded(domain: string, run: RunTool): Promise<boolean> {
  return (await run(["launchctl", "print", `${domain}/${AGENT_LABEL}`]))?.code === 0;
}
