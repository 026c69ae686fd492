import { CodedError } from "../base/mod.ts";
import { print } from "../base/native.ts";
import { choosePod } from "./choose_pod.ts";
import { detach } from "./detach.ts";
import { runningHost } from "./host_client.ts";
import { hostLogPath } from "./host_log.ts";
import { hostArguments, hostEnvironment } from "./host_options.ts";
import { printJson } from "./output.ts";
import { runDetached } from "./run_detached.ts";
import type { StartOptions } from "./start_host.ts";

/** `gemmapod start --detach` */
export async function startDetached(options: StartOptions): Promise<void> {
  const running = await runningHost();
  if (running !== undefined) {
    throw new CodedError(
      "host_running",
      `A Host is running already: process ${running.pid}, ${running.url}. ` +
        "`gemmapod run <pod>` gives it a pod, `gemmapod stop` stops it",
    );
  }
  const { resume, empty } = options;
  const chosen = empty || resume ? undefined : await choosePod();
  if (chosen !== undefined) return await runDetached(chosen.slug, options);
  const { pid, port, url } = await detach({
    args: ["start", resume ? "--resume" : "--empty", ...hostArguments(options)],
    env: hostEnvironment(options),
  });
  const log = hostLogPath();
  if (options.json) return printJson({ pid, port, url, log });
  print(`the Host is ready: process ${pid}, ${url}`);
  print(`its log is ${log}; \`gemmapod stop\` stops it`);
}
