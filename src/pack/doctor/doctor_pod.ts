import { join } from "node:path";
import { CodedError } from "../../base/mod.ts";
import { type PodToml, PodTomlError, unsupportedPromises } from "../../pod/mod.ts";
import { POD_TOML, readPodDir } from "../../pod/native.ts";
import type { PageAssets } from "../page_assets.ts";
import { checkBroker } from "./check_broker.ts";
import { checkEntry, checkPage, checkSize } from "./check_page.ts";
import { checkGitignore, checkKey } from "./check_key.ts";
import { checkTools } from "./check_tools.ts";
import { bad, type Finding, good, warning } from "./finding.ts";

/** Options of {@linkcode doctorPod}. */
export interface DoctorPodOptions {
  /** Where the owner's key is. @default owner.key in the folder */
  key?: string;
  /** Whether the broker is asked. @default "online" */
  network?: "online" | "offline";
  /** What the size of a page is estimated with. @default this release's own */
  assets?: PageAssets;
}

/** What {@linkcode doctorPod} found. */
export interface PodHealth {
  dir: string;
  /** Whether nothing must be mended. */
  ok: boolean;
  findings: Finding[];
}

/**
 * Looks a pod folder over: `pod.toml`, key, broker, tools, the pod's own script, the size of its
 * page, `.gitignore`. It changes nothing, runs nothing of the folder's, and never rejects for what
 * is in it.
 *
 * Rejects with {@linkcode CodedError} `no_pod` where the folder is none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { doctorPod, initPod } from "../mod.ts";
 *
 * const dir = await Deno.makeTempDir();
 * await initPod(dir, { name: "Ada" });
 * assert.equal((await doctorPod(dir, { network: "offline" })).ok, true);
 * await Deno.remove(`${dir}/owner.key`);
 * assert.equal((await doctorPod(dir, { network: "offline" })).ok, false);
 * await Deno.remove(dir, { recursive: true });
 * ```
 */
export async function doctorPod(
  dir: string,
  options: DoctorPodOptions = {},
): Promise<PodHealth> {
  const { pod, findings } = await checkPodToml(dir);
  findings.push(...await checkKey(dir, pod, options.key));
  findings.push(await checkGitignore(dir));
  if (pod !== undefined) {
    findings.push(...await checkTools(dir, pod));
    findings.push(...await checkEntry(dir, pod));
    findings.push(await checkSize(pod, options.assets));
    findings.push(await checkPage(dir));
    if (options.network !== "offline") findings.push(...await checkBroker(pod));
  }
  return { dir, ok: findings.every(({ status }) => status !== "bad"), findings };
}

async function checkPodToml(
  dir: string,
): Promise<{ pod: PodToml | undefined; findings: Finding[] }> {
  const file = join(dir, POD_TOML);
  try {
    const { pod, warnings } = await readPodDir(dir);
    const promises = unsupportedPromises(pod)
      .map(({ key, message }) => bad("pod.toml", `${file}: ${key} is set`, message));
    const unread = warnings.map(({ message, hint }) =>
      warning("pod.toml", message, hint ?? "take the key out: nobody reads it")
    );
    const findings = [...promises, ...unread, ...placeholdersIn(pod, file)];
    if (promises.length === 0) findings.unshift(good("pod.toml", `${file} can be used`));
    return { pod, findings };
  } catch (error) {
    if (error instanceof PodTomlError) {
      const findings = [...error.issues, ...error.warnings].map(({ message }) =>
        bad("pod.toml", message, `mend the line in ${file}`)
      );
      return { pod: undefined, findings };
    }
    if (error instanceof CodedError) throw error;
    throw new CodedError("no_pod", `Cannot read ${file}`, { cause: error });
  }
}

/** What a template has left for its owner to fill in: `<your name>`. */
function placeholdersIn({ system_prompt }: PodToml, file: string): Finding[] {
  const found = system_prompt.match(/<[a-z][^<>\n]* [^<>\n]*>/g) ?? [];
  if (found.length === 0) return [];
  const shown = found.slice(0, 3).join(", ") + (found.length > 3 ? ", …" : "");
  return [warning("pod.toml", `system_prompt still has ${shown}`, `fill it in, in ${file}`)];
}
