import { type Manifest, MANIFEST_VERSION, type ManifestUi } from "./manifest.ts";
import { type PodToml, type PodTomlUi, resolveModel } from "./pod_toml.ts";

/** Options of {@linkcode manifestFromPodToml}. */
export interface ManifestFromPodTomlOptions {
  /** SHA-256 of the bytes of the script that `[ui] entry` names, lower-case hex. */
  entrySha256?: string;
}

/**
 * The manifest of a pod: what its visitors may know. `[llm]`, but for the model's name, and
 * `[limits]` stay at home.
 *
 * @param ownerPubkey the key that will sign, 64 lower-case hex digits
 *
 * Throws `TypeError` when the pod has a `[ui] entry` and its hash is not given.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { manifestFromPodToml, parsePodToml } from "./mod.ts";
 *
 * const { pod } = parsePodToml(`
 * name = "Ada"
 * system_prompt = "You answer for Ada."
 * [llm]
 * model = "gemma4:e4b"
 * provider_url = "http://localhost:11434"
 * [transport.dartc]
 * pod_id = "ada"
 * `);
 * const manifest = manifestFromPodToml(pod, "00".repeat(32));
 * assert.equal(manifest.model, "gemma4:e4b");
 * assert(!JSON.stringify(manifest).includes("11434"));
 * ```
 */
export function manifestFromPodToml(
  pod: PodToml,
  ownerPubkey: string,
  options: ManifestFromPodTomlOptions = {},
): Manifest {
  const model = resolveModel(pod);
  const { transport, events, capabilities, ui } = pod;
  return {
    v: MANIFEST_VERSION,
    id: pod.id,
    name: pod.name,
    persona: pod.persona,
    system_prompt: pod.system_prompt,
    ...(model === undefined ? {} : { model }),
    owner_pubkey: ownerPubkey,
    transport,
    tools: pod.tools,
    ...(events === undefined ? {} : { events }),
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(ui === undefined ? {} : { ui: manifestUi(ui, options.entrySha256) }),
  };
}

function manifestUi(ui: PodTomlUi, entrySha256: string | undefined): ManifestUi {
  if (ui.entry === undefined) return ui;
  if (entrySha256 === undefined) {
    throw new TypeError(`Cannot make the manifest: the hash of ui.entry (${ui.entry}) is missing`);
  }
  return { ...ui, entry_sha256: entrySha256 };
}
