import { createLogger } from "../base/mod.ts";
import { choosePod } from "./choose_pod.ts";
import { hostOfOptions } from "./host_of_options.ts";
import type { HostOptions } from "./host_options.ts";
import { runPod } from "./run_pod.ts";
import { serveUntilStopped } from "./serve_until_stopped.ts";

/** The options of `gemmapod start`. */
export interface StartOptions extends HostOptions {
  detach?: true;
  resume?: true;
  empty?: true;
  json?: true;
}

/** `gemmapod start`: a Host in the foreground. */
export async function startHost(options: StartOptions): Promise<void> {
  const { resume, empty, logFormat: format, logLevel: level } = options;
  const chosen = empty || resume ? undefined : await choosePod();
  if (chosen !== undefined) return await runPod(chosen.slug, options);
  const log = createLogger({ name: "host", format, level });
  await serveUntilStopped(hostOfOptions(options, log), log, async (host) => {
    if (resume) await host.resumeFromStateFile();
  });
}
