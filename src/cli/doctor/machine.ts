import { join } from "node:path";
import { errorMessage } from "../../base/mod.ts";
import { type HostPaths, hostPaths, processEnv, readState } from "../../host/native.ts";
import { DEFAULT_SIGNAL_URL, type PodToml, resolveModel } from "../../pod/mod.ts";
import { readPodDir } from "../../pod/native.ts";
import { DEFAULT_ICE_SERVERS, type IceServer, parseIceServers } from "../../rtc/mod.ts";
import { readLibrary } from "../pod_library.ts";
import { providerUrlOf } from "../provider_url.ts";

/** What `gemmapod doctor` is told. */
export interface DoctorOptions {
  model?: string;
  providerUrl?: string;
  apiKey?: string;
  broker?: string;
  iceServers?: string;
}

/** A pod folder of this machine, as far as it can be read. */
export type KnownPod =
  | { readonly dir: string; readonly pod: PodToml; readonly ownerKeyPath: string }
  | { readonly dir: string; readonly broken: string };

/** A model that is needed, and what of. */
export interface NeededModel {
  readonly providerUrl: string;
  readonly apiKey?: string;
  /** Undefined where any will do. */
  readonly model?: string;
  /** The budget of its conversations, in tokens. */
  readonly context: number;
  readonly usesTools: boolean;
}

/** What is to be looked at. */
export interface Machine {
  readonly paths: HostPaths;
  readonly pods: readonly KnownPod[];
  readonly models: readonly NeededModel[];
  /** Addresses of WebSockets or of brokers, as they stand in the pods. */
  readonly brokers: readonly string[];
  /** Undefined where none is needed: every broker is on this machine, and so are the visitors. */
  readonly iceServers?: readonly IceServer[];
}

/** What a conversation may have, in tokens, where `[llm] context` does not say (manifest.md). */
export const DEFAULT_CONTEXT = 4_096;

/** Finds out what this machine serves: the saved pods, those of the last run, and the flags. */
export async function machineOf(options: DoctorOptions): Promise<Machine> {
  const paths = hostPaths();
  const saved = (await readLibrary().catch(() => [])).map(({ dir }) => dir);
  const dirs = new Set([...saved, ...await lastDirs(paths.home)]);
  const pods = await Promise.all([...dirs].map(knownPod));
  const brokers = options.broker !== undefined ? [options.broker] : brokersOf(pods);
  const iceServers = iceServersOf(options.iceServers, brokers);
  return {
    paths,
    pods,
    models: neededModels(pods, options),
    brokers,
    ...(iceServers === undefined ? {} : { iceServers }),
  };
}

async function lastDirs(home: string): Promise<string[]> {
  try {
    return (await readState(join(home, "state.json"))).map(({ podDir }) => podDir);
  } catch {
    return []; // none yet, or nothing that the next start would find either
  }
}

async function knownPod(dir: string): Promise<KnownPod> {
  try {
    const { pod, ownerKeyPath } = await readPodDir(dir);
    return { dir, pod, ownerKeyPath };
  } catch (error) {
    return { dir, broken: errorMessage(error) };
  }
}

/** What the pods need, each thing once; with `--model` that, without pods any model. */
function neededModels(pods: readonly KnownPod[], options: DoctorOptions): NeededModel[] {
  const apiKey = options.apiKey ?? processEnv("GEMMAPOD_API_KEY");
  const key = apiKey === undefined ? {} : { apiKey };
  const url = usualUrl(options.providerUrl);
  const needed = pods.flatMap((known): NeededModel[] => {
    if (!("pod" in known)) return [];
    const { llm, tools } = known.pod;
    const model = options.model ?? resolveModel(known.pod);
    return [{
      providerUrl: options.providerUrl ?? llm?.provider_url ?? url,
      ...key,
      ...(model === undefined ? {} : { model }),
      context: llm?.context ?? DEFAULT_CONTEXT,
      usesTools: (tools ?? []).length > 0,
    }];
  });
  if (needed.length === 0) {
    const { model } = options;
    return [{
      providerUrl: url,
      ...key,
      ...(model === undefined ? {} : { model }),
      context: DEFAULT_CONTEXT,
      usesTools: false,
    }];
  }
  const byName = new Map<string, NeededModel>();
  for (const one of needed) {
    const name = JSON.stringify([one.providerUrl, one.model]);
    const before = byName.get(name);
    byName.set(name, {
      ...one,
      context: Math.max(one.context, before?.context ?? 0),
      usesTools: one.usesTools || before?.usesTools === true,
    });
  }
  return [...byName.values()];
}

/** Where a Host started here would ask; what is wrong with a variable is told by its own check. */
function usualUrl(given: string | undefined): string {
  try {
    return providerUrlOf(given);
  } catch {
    return providerUrlOf(undefined, () => undefined);
  }
}

function brokersOf(pods: readonly KnownPod[]): string[] {
  const urls = pods.flatMap((known) =>
    "pod" in known && known.pod.transport.dartc ? [known.pod.transport.dartc.signal_url] : []
  );
  return urls.length === 0 ? [DEFAULT_SIGNAL_URL] : [...new Set(urls)];
}

/** The servers that a Host started here would use (host.md, "Settings"). */
function iceServersOf(
  given: string | undefined,
  brokers: readonly string[],
): readonly IceServer[] | undefined {
  const json = given ?? processEnv("GEMMAPOD_ICE_SERVERS");
  const usual = brokers.every(isLoopback) ? undefined : DEFAULT_ICE_SERVERS;
  if (json === undefined) return usual;
  try {
    return parseIceServers(json);
  } catch {
    return usual; // what is wrong with it is told by a check of its own
  }
}

function isLoopback(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? "";
  return host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}
