import { dirname, join, resolve } from "node:path";
import { CodedError } from "../../base/mod.ts";
import type { PodToml } from "../../pod/mod.ts";
import { OWNER_KEY, readOwnerKey } from "../../pod/native.ts";
import { ignoresKey } from "../gitignore.ts";
import { isThere } from "../is_there.ts";
import { bad, type Finding, good, warning } from "./finding.ts";

/** Whether the key is there, nobody else's to read, and the one that `pod.toml` names. */
export async function checkKey(
  dir: string,
  pod: PodToml | undefined,
  path: string = join(dir, OWNER_KEY),
): Promise<Finding[]> {
  let publicKey: string;
  try {
    ({ publicKey } = await readOwnerKey(path));
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return [bad("key", error.message, todoFor(error.code, path))];
  }
  const findings = [good("key", `${path} is there, and yours alone to read`)];
  if (pod === undefined) return findings;
  const named = pod.owner?.pubkey;
  if (named === undefined) {
    findings.push(warning(
      "owner",
      "pod.toml names no owner: a Host takes this pod from anybody who signs one of its id",
      `add to pod.toml: [owner] and below it pubkey = "${publicKey}"`,
    ));
  } else if (named !== publicKey) {
    findings.push(bad(
      "owner",
      `pod.toml names the owner ${named}, the key in ${path} is ${publicKey}`,
      "put the key back that made the pod, or write this one's pubkey into [owner]",
    ));
  } else {
    findings.push(good("owner", `[owner] pubkey is the key's: ${publicKey}`));
  }
  return findings;
}

function todoFor(code: string, path: string): string {
  switch (code) {
    case "no_key":
      return "make one with `keygen`, or name yours with --key";
    case "unsafe_key":
      return `run: chmod 600 ${path}`;
    default:
      return "put your copy of the key back; `keygen` makes another, and with it another owner";
  }
}

/** Whether a repository would get the key. */
export async function checkGitignore(dir: string): Promise<Finding> {
  if (!await isThere(join(dir, OWNER_KEY))) {
    return good("gitignore", "there is no key in the folder that a repository could get");
  }
  for (let at = resolve(dir);; at = dirname(at)) {
    const text = await Deno.readTextFile(join(at, ".gitignore")).catch(() => "");
    if (ignoresKey(text)) return good("gitignore", `${join(at, ".gitignore")} names the key`);
    // What is above a repository is not the repository's.
    if (await isThere(join(at, ".git")) || dirname(at) === at) break;
  }
  return bad(
    "gitignore",
    "no .gitignore names owner.key: whoever gets the repository can sign pods in your name",
    `add the line owner.key to ${join(dir, ".gitignore")}`,
  );
}
