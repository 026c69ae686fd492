import { homedir } from "node:os";
import { join } from "node:path";
import { hostPaths, processEnv, systemdUnit, UNIT_NAME } from "../../host/native.ts";
import { must, type ServiceManager } from "./manager.ts";

/** The user's systemd (`systemd.unit(5)`, "User unit search path"). */
export function systemd(): ServiceManager {
  const config = processEnv("XDG_CONFIG_HOME") ?? join(homedir(), ".config");
  const envFile = join(hostPaths().home, "service.env");
  return {
    kind: "systemd",
    path: join(config, "systemd", "user", UNIT_NAME),
    log: "journalctl --user -u gemmapod",
    text: (program) => systemdUnit(program, envFile),
    start: async (file, run) => {
      await must(run, ["systemctl", "--user", "daemon-reload"]);
      await must(run, ["systemctl", "--user", "enable", UNIT_NAME]);
      await must(run, ["systemctl", "--user", file === "changed" ? "restart" : "start", UNIT_NAME]);
    },
    stop: (run) => must(run, ["systemctl", "--user", "disable", "--now", UNIT_NAME]),
    forget: (run) => must(run, ["systemctl", "--user", "daemon-reload"]),
    state: async (run) => {
      const answer = await run([
        ...["systemctl", "--user", "show"] as const,
        ...["--property=ActiveState,MainPID", UNIT_NAME],
      ]);
      const [, state] = /^ActiveState=(.+)$/m.exec(answer?.out ?? "") ?? [];
      if (answer?.code !== 0 || state === undefined) return { running: "unknown" };
      const pid = Number(/^MainPID=(\d+)$/m.exec(answer.out)?.[1]);
      const running = /^(active|activating|reloading)$/.test(state) ? "yes" : "no";
      return { running, ...(pid > 0 ? { pid } : {}) };
    },
    hint: "`loginctl enable-linger` keeps it running when you log out",
  };
}
