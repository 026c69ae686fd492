import {
  FALLBACK_TIERS,
  type Manifest,
  type ManifestFallback,
  type ManifestTransport,
  TRANSPORT_NAMES,
} from "./manifest.ts";
import { type FallbackConfig, parsePodConfig, type PodConfig } from "./pod_config.ts";

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
  const { events, ui } = manifest;
  return parsePodConfig({
    name: manifest.name || manifest.id,
    id: manifest.id || null,
    persona: manifest.persona,
    systemPrompt: manifest.system_prompt,
    model: manifest.model || null,
    tools: manifest.tools,
    signedManifestB64,
    ownerPubkey: manifest.owner_pubkey.toLowerCase(),
    events: events && {
      onRunStarted: events.on_run_started,
      onRunFinished: events.on_run_finished,
      enableTools: events.enable_tools,
    },
    capabilities: manifest.capabilities,
    ui: ui && {
      title: ui.title,
      greeting: ui.greeting,
      starters: ui.starters,
      accent: ui.accent,
      launcher: ui.launcher,
      mode: ui.mode,
      entry: ui.entry,
      entrySha256: ui.entry_sha256,
    },
    transport: transportOf(manifest.transport),
  });
}

function transportOf({ preferred, dartc, fallback, direct }: ManifestTransport) {
  const named = preferred?.map((name) => name === "webrtc" ? "dartc" : name) ?? [];
  return {
    preferred: TRANSPORT_NAMES.filter((name) => named.includes(name))
      .sort((a, b) => named.indexOf(a) - named.indexOf(b)),
    dartc: dartc && {
      signalUrl: dartc.signal_url,
      podId: dartc.pod_id,
      requireProof: dartc.require_proof,
      relay: dartc.relay,
    },
    fallback: fallback && fallbackOf(fallback),
    direct: direct && { baseUrl: direct.base_url },
  };
}

function fallbackOf({ tier, model, models }: ManifestFallback): FallbackConfig {
  return {
    model: model || undefined,
    tier: FALLBACK_TIERS.find((known) => known === tier),
    models: models ?? undefined,
  };
}
