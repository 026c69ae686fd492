import { CodedError } from "../base/mod.ts";
import { print } from "../base/native.ts";
import { findPod } from "./find_pod.ts";
import { type HandedOver, handOver } from "./hand_over.ts";
import type { HostOptions } from "./host_options.ts";
import { printJson } from "./output.ts";
import { noteRun } from "./pod_library.ts";

/** The options of `gemmapod run`. */
export interface RunOptions extends HostOptions {
  model?: string;
  once?: true;
  detach?: true;
  json?: true;
}

/** A pod to run, and how. */
export interface PodRun {
  /** Absolute. */
  readonly dir: string;
  readonly options: RunOptions;
}

/** How long `--once` waits for the broker, in milliseconds (host.md, "Command line"). */
export const ONCE_WITHIN_MS = 10_000;

/** How often a pod of another process is looked at while its broker is waited for. */
const LOOK_MS = 100;

/** What a command line asks to run; what it leaves open is the saved library's. */
export async function podRunOf(nameOrPath: string, given: RunOptions): Promise<PodRun> {
  const { dir, saved } = await findPod(nameOrPath);
  const model = given.model ?? saved?.model ?? undefined;
  const savedUrl = given.provider === "demo" ? undefined : saved?.providerUrl ?? undefined;
  const providerUrl = given.providerUrl ?? savedUrl;
  return {
    dir,
    options: {
      ...given,
      ...(model === undefined ? {} : { model }),
      ...(providerUrl === undefined ? {} : { providerUrl }),
    },
  };
}

/** Gives a pod to the Host that runs, and says so. */
export async function giveToRunning(run: PodRun): Promise<void> {
  report(await handedToRunning(run), run.options, "by the Host that was running");
}

/** Gives a pod to the Host that runs. */
export async function handedToRunning({ dir, options }: PodRun): Promise<HandedOver> {
  const handed = await handOver(dir, options);
  await noteRun(dir);
  if (options.once) await registered(handed);
  return handed;
}

/** Says which Host serves a pod. */
export function report({ podId, host }: HandedOver, options: RunOptions, how: string): void {
  const { pid, port, url } = host;
  if (options.json) return printJson({ podId, pid, port, url });
  print(`pod ${podId} is served ${how}: process ${pid}, ${url}`);
}

/** What `--once` fails with. */
export function notReached(why: string | null | undefined): CodedError {
  return new CodedError(
    "not_registered",
    `The broker was not reached within 10 s: ${why ?? "it does not answer"}`,
  );
}

/** Settles when the other process has registered the pod; takes it back where it does not. */
async function registered({ podId, host }: HandedOver): Promise<void> {
  const deadline = Date.now() + ONCE_WITHIN_MS;
  for (;;) {
    const pod = (await host.pods()).find(({ id }) => id === podId);
    if (pod?.signalState === "connected") return;
    if (pod === undefined) throw notReached("the pod was stopped");
    if (Date.now() > deadline) {
      await host.stopPod(podId);
      throw notReached(pod.signalLastError);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
