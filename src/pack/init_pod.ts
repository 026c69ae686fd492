import { basename, join, resolve } from "node:path";
import { CodedError } from "../base/mod.ts";
import { isPodId, parsePodToml, slugOf } from "../pod/mod.ts";
import {
  generateOwnerKey,
  OWNER_KEY,
  POD_TOML,
  readOwnerKey,
  writeOwnerKey,
} from "../pod/native.ts";
import { GITIGNORE, ignoresKey, podTomlOf } from "./scaffold.ts";

/** Options of {@linkcode initPod}. */
export interface InitPodOptions {
  /**
   * The pod's display name.
   * @default the name of the folder
   */
  name?: string;
  /**
   * The id under which the pod is registered.
   * @default the name made a slug, and six digits of the key: ids are shared by a broker's owners
   */
  podId?: string;
}

/** What {@linkcode initPod} made. */
export interface MadePod {
  dir: string;
  podId: string;
  ownerPubkey: string;
  /** The files it wrote, in the folder. A key that was there stays and is used. */
  files: string[];
}

const GITIGNORE_NAME = ".gitignore";

/** Digits of the public key in a pod id: enough that two owners of one name do not meet. */
const ID_DIGITS = 6;

/**
 * Makes a pod folder: `pod.toml`, `owner.key`, `.gitignore`.
 *
 * Rejects with `CodedError` `pod_exists` where there is a `pod.toml`, and overwrites nothing else
 * either; a `.gitignore` that does not name the key gets a line more. A name or id that no
 * `pod.toml` can have is `bad_name`, `bad_pod_id` or a `PodTomlError`, and nothing is written.
 */
export async function initPod(dir: string, options: InitPodOptions = {}): Promise<MadePod> {
  const name = options.name ?? (basename(resolve(dir)) || "My pod");
  if (name.trim() === "") throw new CodedError("bad_name", "Cannot make a pod: its name is empty");
  if (options.podId !== undefined && !isPodId(options.podId)) {
    throw new CodedError(
      "bad_pod_id",
      `Cannot make a pod: the id ${
        JSON.stringify(options.podId)
      } is not 1 to 128 of A-Z a-z 0-9 _ - .`,
    );
  }
  const podToml = join(dir, POD_TOML);
  if (await isThere(podToml)) {
    throw new CodedError("pod_exists", `Cannot make a pod: ${podToml} is there already`);
  }
  const keyPath = join(dir, OWNER_KEY);
  const hasKey = await isThere(keyPath);
  const key = hasKey ? await readOwnerKey(keyPath) : await generateOwnerKey();
  const ownerPubkey = key.publicKey;
  const podId = options.podId ?? `${slugOf(name) || "pod"}-${ownerPubkey.slice(0, ID_DIGITS)}`;
  const toml = podTomlOf({ name, podId, ownerPubkey });
  parsePodToml(toml, { file: podToml }); // nothing is written that could not be packed

  const files: string[] = [];
  await Deno.mkdir(dir, { recursive: true });
  if (!hasKey) {
    await writeOwnerKey(keyPath, key);
    files.push(OWNER_KEY);
  }
  if (await ignoreKey(join(dir, GITIGNORE_NAME))) files.push(GITIGNORE_NAME);
  await Deno.writeTextFile(podToml, toml, { createNew: true });
  files.push(POD_TOML);
  return { dir, podId, ownerPubkey, files };
}

/** Makes sure that no repository gets the key; false where that was so already. */
async function ignoreKey(path: string): Promise<boolean> {
  const before = await isThere(path) ? await Deno.readTextFile(path) : "";
  if (ignoresKey(before)) return false;
  const gap = before === "" || before.endsWith("\n") ? "" : "\n";
  await Deno.writeTextFile(path, gap + GITIGNORE, { append: true });
  return true;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
