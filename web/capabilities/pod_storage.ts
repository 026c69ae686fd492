import { isString } from "../../src/base/mod.ts";
import type { CapabilityContext } from "../../src/runtime/mod.ts";
import { badInput, fieldOf, textOf } from "./fields.ts";

/** How many characters a pod may keep, all its values together. */
const MAX_STORED = 200_000;

/**
 * `storage.local`: `{key}` reads a text or null, `{key, value}` keeps it, `{key, value: null}`
 * forgets it. Each pod has its own, beside its conversations.
 */
export function podStorage(
  input: unknown,
  { podId }: Pick<CapabilityContext, "podId">,
): string | null | true {
  const place = `gemmapod:${podId}:storage:v1`;
  const key = textOf(input, "key", 200);
  const items = new Map(pairsIn(localStorage.getItem(place)));
  const value = fieldOf(input, "value");
  if (value === undefined) return items.get(key) ?? null;
  if (value === null) items.delete(key);
  else if (isString(value)) items.set(key, value);
  else throw badInput("value must be text or null");
  const text = JSON.stringify([...items]);
  if (text.length > MAX_STORED) throw badInput("The pod keeps too much here already");
  localStorage.setItem(place, text);
  return true;
}

/** What was kept; nothing where it is not ours. A list of pairs: no key of it is a prototype's. */
function pairsIn(stored: string | null): [string, string][] {
  try {
    const pairs: unknown = JSON.parse(stored ?? "");
    return Array.isArray(pairs) ? pairs.filter(isPair) : [];
  } catch {
    return [];
  }
}

function isPair(pair: unknown): pair is [string, string] {
  return Array.isArray(pair) && pair.length === 2 && pair.every(isString);
}
