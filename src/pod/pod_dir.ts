import { join } from "node:path";
import { CodedError } from "../base/mod.ts";
import { parsePodToml } from "./parse_pod_toml.ts";
import type { PodToml } from "./pod_toml.ts";
import type { PodTomlIssue } from "./pod_toml_issue.ts";

/** The name of a pod folder's description. */
export const POD_TOML = "pod.toml";

/** The name of a pod folder's key, where it has one. */
export const OWNER_KEY = "owner.key";

/** The folder of a pod. */
export interface PodDir {
  /** As it was given. */
  readonly dir: string;
  readonly pod: PodToml;
  /** Keys of its pod.toml that nobody reads. */
  readonly warnings: readonly PodTomlIssue[];
  /** Where its key is, or would be: a folder may be served without one. */
  readonly ownerKeyPath: string;
}

/**
 * Reads the folder of a pod. Its key is not read.
 *
 * Rejects with `PodTomlError` when its pod.toml cannot be used, with {@linkcode CodedError} `no_pod`
 * when it has none.
 */
export async function readPodDir(dir: string): Promise<PodDir> {
  const path = join(dir, POD_TOML);
  let text;
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory)) {
      throw cause;
    }
    throw new CodedError(
      "no_pod",
      `Cannot find ${path}: ${dir} is no pod folder; \`init\` makes one`,
      {
        cause,
      },
    );
  }
  return { dir, ...parsePodToml(text, { file: path }), ownerKeyPath: join(dir, OWNER_KEY) };
}
