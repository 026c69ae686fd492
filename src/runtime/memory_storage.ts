import type { StorageAdapter } from "./adapter_types.ts";

/** A storage that lives as long as its process: for tests, and where there is no other. */
export function memoryStorage(): StorageAdapter {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}
