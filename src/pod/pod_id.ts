/** The longest pod id that is written (and the longest conversation id, host.md). */
export const MAX_POD_ID_CHARS = 128;

/** The longest id that is made from a name: it stands in addresses and folders. */
const MAX_SLUG_CHARS = 64;

/** What a pod id may be where we write one. Readers take what other writers wrote. */
export function isPodId(text: string): boolean {
  return text.length <= MAX_POD_ID_CHARS && /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/.test(text);
}

/**
 * A name as an id: lower case, accents and apostrophes dropped, everything else a hyphen. Empty where nothing of
 * the name is left (`日本`), and then the owner has to choose an id.
 *
 * @example
 * ```ts
 * import { slugOf } from "./mod.ts";
 *
 * if (slugOf("Zoë’s Café №1") !== "zoes-cafe-no1") throw new Error(slugOf("Zoë’s Café №1"));
 * ```
 */
export function slugOf(name: string): string {
  return name.normalize("NFKD").replace(/['’\p{Mark}]/gu, "").toLowerCase()
    .replace(/[^a-z0-9]+/g, "-").replace(/^-/, "").slice(0, MAX_SLUG_CHARS).replace(/-$/, "");
}

/** What {@linkcode podIdOf} reads: a manifest, or a pod.toml. */
export interface HasPodId {
  readonly id: string;
  readonly transport: { readonly dartc?: { readonly pod_id: string } | null };
}

/**
 * The id under which a pod is registered, addressed and stored: `transport.dartc.pod_id` where it
 * has one, else its `id`.
 */
export function podIdOf(pod: HasPodId): string {
  return pod.transport.dartc?.pod_id || pod.id;
}
