import type * as Full from "../entry-site.ts";
import type * as Runtime from "../entry-runtime.ts";
import type { PodConfig } from "../types.ts";

/** The global of `gemmapod-shim.iife.js`, which the page loads before its own script. */
export const GemmaPod = Reflect.get(globalThis, "GemmaPod") as typeof Full;

/** The same of `gemmapod-runtime.iife.js`. */
export const GemmaPodRuntime = Reflect.get(globalThis, "GemmaPod") as typeof Runtime;

/** A pod of this playground, as `pods.json` has it: of a manifest that the server verified. */
export async function podConfig(id: "demo-pod" | "order-pod"): Promise<PodConfig> {
  const pods: Readonly<Record<string, PodConfig>> = await (await fetch("pods.json")).json();
  const config = pods[id];
  if (config === undefined) throw new Error(`This playground has no ${id}`);
  return config;
}
