import type { JsonValue, Manifest, ManifestEvent } from "./manifest.ts";

/** What the encoders write, as an object: known keys, in order, nothing absent. */
export function orderedManifest(manifest: Manifest): { readonly [key: string]: JsonValue } {
  const { transport, events, ui } = manifest;
  return pick(
    {
      ...manifest,
      transport: pick({
        ...transport,
        dartc: transport.dartc && pick(transport.dartc, DARTC),
        direct: transport.direct && pick(transport.direct, ["base_url"]),
        fallback: transport.fallback && pick({
          ...transport.fallback,
          models: transport.fallback.models?.map((model) => pick(model, ["id", "label", "sizeMB"])),
        }, ["tier", "model", "models"]),
      }, ["preferred", "dartc", "direct", "fallback"]),
      tools: manifest.tools.map((tool) => pick(tool, ["name", "description"])),
      events: events && pick({
        on_run_started: events.on_run_started?.map(orderedEvent),
        on_run_finished: events.on_run_finished?.map(orderedEvent),
        enable_tools: events.enable_tools,
      }, ["on_run_started", "on_run_finished", "enable_tools"]),
      capabilities: manifest.capabilities?.map((one) => pick(one, ["name", "required", "risk"])),
      ui: ui && pick(ui, UI),
    },
    MANIFEST,
  );
}

const MANIFEST = [
  "v",
  "id",
  "name",
  "persona",
  "system_prompt",
  "model",
  "owner_pubkey",
  "transport",
  "tools",
  "events",
  "capabilities",
  "ui",
] as const;

const DARTC = ["signal_url", "pod_id", "require_proof", "relay"] as const;

const UI = [
  "title",
  "greeting",
  "starters",
  "accent",
  "launcher",
  "mode",
  "entry",
  "entry_sha256",
] as const;

type Absent = null | undefined;

function orderedEvent(event: ManifestEvent): { readonly [key: string]: JsonValue } {
  // A value of null is a value: only an absent one is left out.
  return event.value === undefined
    ? { name: event.name }
    : { name: event.name, value: event.value };
}

function pick<K extends string>(
  from: { readonly [key in K]?: JsonValue | Absent },
  keys: readonly K[],
): { readonly [key: string]: JsonValue } {
  const picked: { [key: string]: JsonValue } = {};
  for (const key of keys) {
    const value = from[key];
    if (value !== undefined && value !== null) picked[key] = value;
  }
  return picked;
}
