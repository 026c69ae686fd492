import { CodedError } from "../base/mod.ts";
import { print } from "../base/native.ts";
import { choosePod } from "./choose_pod.ts";
import { detach } from "./detach.ts";
import { runningHost } from "./host_client.ts";
import { hostLogPath } from "./host_log.ts";
import { hostArguments, hostEnvironment } from "./host_options.ts";
import { printJson } from "./output.ts";
import { runDetached } from "./run_detached.ts";
import { asks, startedHost, type StartOptions } from "./start_options.ts";

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
  const { resume, headless } = options;
  const chosen = asks(options) ? await choosePod() : undefined;
  if (chosen !== undefined) return await runDetached(chosen.slug, options);
  const { pid, port, url } = await detach({
    args: ["start", resume ? "--resume" : "--empty", ...hostArguments(options)],
    env: hostEnvironment(options),
  });
  const log = hostLogPath();
  if (options.json) return printJson({ ...startedHost(pid, port, headless), log });
  print(`the Host is ready: process ${pid}, ${url}`);
  print(`its log is ${log}; \`gemmapod stop\` stops it`);
}
