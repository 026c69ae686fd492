import type { JsonValue, Manifest } from "./manifest.ts";

/** What the encoders write, as an object: known keys, in order, nothing absent. */
export function orderedManifest(manifest: Manifest): { readonly [key: string]: JsonValue } {
  return pick(manifest, MANIFEST);
}

/** The keys of a map in their order (manifest.md, "Manifest"), and what is under each. */
interface Keys {
  /** Keys of the map that is there, or of each map of the list; null takes whatever is there. */
  readonly [key: string]: Keys | null;
}

const EVENTS: Keys = { name: null, value: null };

const MANIFEST: Keys = {
  v: null,
  id: null,
  name: null,
  persona: null,
  system_prompt: null,
  model: null,
  owner_pubkey: null,
  transport: {
    preferred: null,
    dartc: { signal_url: null, pod_id: null, require_proof: null, relay: null },
    direct: { base_url: null },
    fallback: { tier: null, model: null, models: { id: null, label: null, sizeMB: null } },
  },
  tools: { name: null, description: null },
  events: { on_run_started: EVENTS, on_run_finished: EVENTS, enable_tools: null },
  capabilities: { name: null, required: null, risk: null },
  ui: {
    title: null,
    greeting: null,
    starters: null,
    accent: null,
    launcher: null,
    mode: null,
    entry: null,
    entry_sha256: null,
  },
};

function ordered(value: unknown, keys: Keys | null): JsonValue {
  if (Array.isArray(value)) return value.map((item) => ordered(item, keys));
  // What is no list and has keys is a map, by the type of a manifest; all else is taken as it is.
  return keys === null ? value as JsonValue : pick(value as object, keys);
}

function pick(from: object, keys: Keys): { readonly [key: string]: JsonValue } {
  const picked: { [key: string]: JsonValue } = {};
  for (const [key, inside] of Object.entries(keys)) {
    const value: unknown = Reflect.get(from, key);
    // The value of an event is any JSON, null among it.
    if (value !== undefined && (value !== null || keys === EVENTS)) {
      picked[key] = ordered(value, inside);
    }
  }
  return picked;
}
