import { createLogger } from "../base/mod.ts";
import { print } from "../base/native.ts";
import { choosePod } from "./choose_pod.ts";
import { hostOfOptions } from "./host_of_options.ts";
import { runPod } from "./run_pod.ts";
import { serveUntilStopped } from "./serve_until_stopped.ts";
import { asks, startedHost, type StartOptions } from "./start_options.ts";

/** `gemmapod start`: a Host in the foreground. */
export async function startHost(options: StartOptions): Promise<void> {
  const { resume, logFormat: format, logLevel: level, json, headless } = options;
  const chosen = asks(options) ? await choosePod() : undefined;
  if (chosen !== undefined) return await runPod(chosen.slug, options);
  const log = createLogger({ name: "host", format, level });
  await serveUntilStopped(hostOfOptions(options, log), log, async (host) => {
    if (resume) await host.resumeFromStateFile();
    if (json) print(JSON.stringify(startedHost(Deno.pid, host.port(), headless)));
  });
}
