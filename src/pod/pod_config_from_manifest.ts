import {
  FALLBACK_TIERS,
  type Manifest,
  type ManifestTransport,
  TRANSPORT_NAMES,
} from "./manifest.ts";
import { parsePodConfig, type PodConfig } from "./pod_config.ts";

/**
 * What a runtime is made from, out of a verified manifest: null is absent, `webrtc` is `dartc`, and
 * what only a newer release knows (another tier, another transport) is left out.
 *
 * @param signedManifestB64 the signed manifest, standard base64, as the page holds it; it goes to
 *   the Host in `dartc.hello`
 *
 * Throws `TypeError` naming the key when the manifest can start no runtime: no transport, an
 * address that is no URL.
 */
export function podConfigFromManifest(manifest: Manifest, signedManifestB64: string): PodConfig {
  return parsePodConfig({
    ...camelCased(manifest),
    name: manifest.name || manifest.id,
    id: manifest.id || null,
    model: manifest.model || null,
    signedManifestB64,
    ownerPubkey: manifest.owner_pubkey.toLowerCase(),
    events: camelCased(manifest.events),
    ui: camelCased(manifest.ui),
    transport: transportOf(manifest.transport),
  });
}

function transportOf({ preferred, dartc, fallback, direct }: ManifestTransport) {
  const named = preferred?.map((name) => name === "webrtc" ? "dartc" : name) ?? [];
  return {
    preferred: TRANSPORT_NAMES.filter((name) => named.includes(name))
      .sort((a, b) => named.indexOf(a) - named.indexOf(b)),
    dartc: camelCased(dartc),
    fallback: fallback && {
      model: fallback.model || null,
      tier: FALLBACK_TIERS.find((known) => known === fallback.tier),
      models: fallback.models,
    },
    direct: camelCased(direct),
  };
}

/** A block of a manifest with its keys as a configuration has them. */
function camelCased(block: object | null | undefined): object | null | undefined {
  return block && Object.fromEntries(
    Object.entries(block).map(([key, value]) => [
      key.replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
