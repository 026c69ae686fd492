import { isObject, stringOrUndefined } from "../base/mod.ts";

/** What a session reads of a verified manifest, whatever its type. */
export interface ManifestClaims {
  /** The names of its pod: `id`, and `transport.dartc.pod_id` where it has one. */
  readonly podIds: readonly string[];
  readonly ownerPubkey: string | undefined;
}

/** Reads them; null is absent, as everywhere in a manifest. */
export function manifestClaims(manifest: unknown): ManifestClaims {
  if (!isObject(manifest)) return { podIds: [], ownerPubkey: undefined };
  const transport = isObject(manifest.transport) ? manifest.transport : {};
  const dartc = isObject(transport.dartc) ? transport.dartc : {};
  return {
    podIds: [manifest.id, dartc.pod_id].flatMap((id) => typeof id === "string" ? [id] : []),
    ownerPubkey: stringOrUndefined(manifest.owner_pubkey),
  };
}
