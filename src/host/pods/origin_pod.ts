import { CodedError } from "../../base/mod.ts";
import { isPodId, parsePodToml } from "../../pod/mod.ts";
import { signalUrl } from "../../signaling/mod.ts";
import { type PodDefaults, type ServedPod, servedPod } from "./served_pod.ts";

/** A pod without a `pod.toml`: what `gemmapod origin` is told by its environment. */
export interface OriginPod {
  readonly podId: string;
  /** The broker; `http(s):` or `ws(s):`. */
  readonly signalUrl: string;
  /** Where its sidecars would be (`contacts.json`); it need not be there. */
  readonly dir: string;
}

/** What a visitor without a signed manifest is answered with; a signed one brings its own. */
const SYSTEM_PROMPT = "You are a helpful assistant. Be brief and friendly.";

/**
 * A pod that is what its visitors' signed manifests say: prompt, model, tools.
 *
 * Throws {@linkcode CodedError} `bad_setting` or `bad_signal_url`.
 */
export function originPod(origin: OriginPod, defaults: PodDefaults): ServedPod {
  const { podId: id, dir } = origin;
  if (!isPodId(id)) {
    throw new CodedError(
      "bad_setting",
      `Cannot serve the pod ${JSON.stringify(id)}: its id has other than A-Z a-z 0-9 _ - .`,
    );
  }
  const { pod, warnings } = parsePodToml(`
    name = ${JSON.stringify(id)}
    id = ${JSON.stringify(id)}
    system_prompt = ${JSON.stringify(SYSTEM_PROMPT)}
    [transport.dartc]
    signal_url = ${JSON.stringify(signalUrl(origin.signalUrl))}
    pod_id = ${JSON.stringify(id)}
  `);
  return { ...servedPod({ dir, pod, warnings }, defaults), takesListedModels: true };
}
