import type {
  FallbackModel,
  Manifest,
  ManifestCapability,
  ManifestDartc,
  ManifestDirect,
  ManifestEvent,
  ManifestEvents,
  ManifestFallback,
  ManifestTool,
  ManifestTransport,
  ManifestUi,
} from "./manifest.ts";
import { finite, flag, json, listOf, nullable, objectOf, type Reader, text } from "./shape.ts";

/** A model that a visitor may pick, as manifests and configurations hold it. */
export const fallbackModel: Reader<FallbackModel> = objectOf<FallbackModel>({
  id: text,
  label: text,
  sizeMB: finite,
});

/** One entry of a list of tools. */
export const tool: Reader<ManifestTool> = objectOf<ManifestTool>({
  name: text,
  description: text,
});

const event = objectOf<ManifestEvent>({ name: text, value: json });

const transport = objectOf<ManifestTransport>({
  preferred: nullable(listOf(text)),
  dartc: nullable(objectOf<ManifestDartc>({
    signal_url: text,
    pod_id: text,
    require_proof: nullable(flag),
    relay: nullable(flag),
  })),
  direct: nullable(objectOf<ManifestDirect>({ base_url: text })),
  fallback: nullable(objectOf<ManifestFallback>({
    tier: nullable(text),
    model: nullable(text),
    models: nullable(listOf(fallbackModel)),
  })),
});

const manifest = objectOf<Manifest>({
  v: finite,
  id: text,
  name: text,
  persona: text,
  system_prompt: text,
  model: nullable(text),
  owner_pubkey: text,
  transport,
  tools: listOf(tool),
  events: nullable(objectOf<ManifestEvents>({
    on_run_started: nullable(listOf(event)),
    on_run_finished: nullable(listOf(event)),
    enable_tools: nullable(listOf(text)),
  })),
  capabilities: nullable(listOf(objectOf<ManifestCapability>({
    name: text,
    required: nullable(flag),
    risk: nullable(text),
  }))),
  ui: nullable(objectOf<ManifestUi>({
    title: nullable(text),
    greeting: nullable(text),
    starters: nullable(listOf(text)),
    accent: nullable(text),
    launcher: nullable(flag),
    mode: nullable(text),
    entry: nullable(text),
    entry_sha256: nullable(text),
  })),
});

/**
 * A JSON value as a {@linkcode Manifest}: unknown keys left out, all else as it stands. It says
 * nothing about who signed it.
 *
 * Throws `TypeError` naming the key that is missing or of another type.
 */
export function readManifest(value: unknown): Manifest {
  return manifest(value, "manifest");
}
