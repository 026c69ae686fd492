import { basename, dirname, join, resolve } from "node:path";
import { CodedError, errorMessage } from "../base/mod.ts";
import { whyNoFile } from "../base/native.ts";
import { DEFAULT_SIGNAL_URL, isPodId, parsePodToml, slugOf } from "../pod/mod.ts";
import {
  generateOwnerKey,
  OWNER_KEY,
  POD_TOML,
  readOwnerKey,
  writeOwnerKey,
} from "../pod/native.ts";
import { signalUrlOf } from "./broker_url.ts";
import { GITIGNORE_KEY, ignoresKey } from "./gitignore.ts";
import { isThere } from "./is_there.ts";
import type { TemplateName } from "./template_names.ts";
import { GITIGNORE_NAME, templateFiles } from "./templates.ts";

/** Options of {@linkcode initPod}. */
export interface InitPodOptions {
  /**
   * What the folder begins as.
   * @default "blank"
   */
  template?: TemplateName;
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
  /**
   * The broker, by its own address or that of its WebSocket.
   * @default the public one
   */
  broker?: string;
}

/** What {@linkcode initPod} made. */
export interface MadePod {
  dir: string;
  template: TemplateName;
  podId: string;
  ownerPubkey: string;
  signalUrl: string;
  /** The files it wrote, in the folder. A key that was there stays and is used. */
  files: string[];
}

/** Digits of the public key in a pod id: enough that two owners of one name do not meet. */
const ID_DIGITS = 6;

/**
 * Makes a pod folder that packs as it is: `owner.key`, `.gitignore`, `pod.toml`, and what else its
 * template has.
 *
 * It overwrites nothing: rejects with `CodedError` `pod_exists` where any file of the template is
 * there already; only a `.gitignore` that does not name the key gets a line more. A name, id or
 * broker that no `pod.toml` can have is `bad_name`, `bad_pod_id`, `bad_broker` or a `PodTomlError`.
 * Nothing is written then. A folder that cannot be written to is `bad_folder`.
 */
export async function initPod(dir: string, options: InitPodOptions = {}): Promise<MadePod> {
  const { template = "blank", broker } = options;
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
  const signalUrl = broker === undefined ? DEFAULT_SIGNAL_URL : signalUrlOf(broker);
  const keyPath = join(dir, OWNER_KEY);
  if (await isThere(join(dir, POD_TOML))) throw inTheWay(join(dir, POD_TOML));
  const hasKey = await isThere(keyPath);
  const key = hasKey ? await readOwnerKey(keyPath) : await generateOwnerKey();
  const ownerPubkey = key.publicKey;
  const podId = options.podId ?? `${slugOf(name) || "pod"}-${ownerPubkey.slice(0, ID_DIGITS)}`;

  const { [GITIGNORE_NAME]: gitignore = "", [POD_TOML]: toml = "", ...others } = templateFiles(
    template,
    { name, podId, ownerPubkey, signalUrl },
  );
  parsePodToml(toml, { file: join(dir, POD_TOML) }); // nothing is written that could not be packed
  for (const path of Object.keys(others)) {
    if (await isThere(join(dir, path))) throw inTheWay(join(dir, path));
  }

  let files;
  try {
    files = await writeFolder();
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    const why = whyNoFile(cause) ?? errorMessage(cause);
    throw new CodedError("bad_folder", `Cannot make a pod in ${dir}: ${why}`, { cause });
  }
  return { dir, template, podId, ownerPubkey, signalUrl, files };

  async function writeFolder(): Promise<string[]> {
    const files: string[] = [];
    await Deno.mkdir(dir, { recursive: true });
    if (!hasKey) {
      await writeOwnerKey(keyPath, key);
      files.push(OWNER_KEY);
    }
    if (await ignoreKey(join(dir, GITIGNORE_NAME), gitignore)) files.push(GITIGNORE_NAME);
    // pod.toml last: a folder with one is a pod.
    for (const [path, text] of [...Object.entries(others), [POD_TOML, toml] as const]) {
      await Deno.mkdir(dirname(join(dir, path)), { recursive: true });
      await Deno.writeTextFile(join(dir, path), text, { createNew: true });
      files.push(path);
    }
    return files;
  }
}

function inTheWay(path: string): CodedError {
  return new CodedError("pod_exists", `Cannot make a pod: ${path} is there already`);
}

/** Makes sure that no repository gets the key; false where that was so already. */
async function ignoreKey(path: string, fresh: string): Promise<boolean> {
  if (!await isThere(path)) {
    await Deno.writeTextFile(path, fresh, { createNew: true });
    return true;
  }
  const before = await Deno.readTextFile(path);
  if (ignoresKey(before)) return false;
  const gap = before === "" || before.endsWith("\n") ? "" : "\n";
  await Deno.writeTextFile(path, gap + GITIGNORE_KEY, { append: true });
  return true;
}
