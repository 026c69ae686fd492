import { join } from "node:path";
import type { PageAssets } from "../../../src/pack/mod.ts";

/** What stands in for the bundle of a release, which takes a second to build. */
export const ASSETS: PageAssets = {
  bundle: "globalThis.GemmaPod={boot(){}};",
  wasmGzip: new Uint8Array([0x1f, 0x8b, 8, 0]),
};

/** A folder of one test, gone after it. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly dir: string;
  /** The path of a file in it. */
  at(...names: string[]): string;
}

/** Makes a folder for one test. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const dir = await Deno.makeTempDir({ prefix: "gemmapod-pack-" });
  return {
    dir,
    at: (...names) => join(dir, ...names),
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

/** A `pod.toml` that holds, with more text at its end. */
export function podToml(more = ""): string {
  return `name = "Hello & <World>"
system_prompt = "You are terse."
model = "gemma4:e4b"

[transport.dartc]
signal_url = "ws://127.0.0.1:8080/signal"
pod_id = "hello-pod"
${more}`;
}

/** The names of the files in a folder, sorted. */
export async function filesOf(dir: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(dir), ({ name }) => name)).sort();
}
