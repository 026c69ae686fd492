import type { Logger } from "../../base/mod.ts";
import type { Registry } from "../registry/registry.ts";
import { encodedFolder } from "./encoded_folder.ts";
import { encodedMemory } from "./encoded_memory.ts";
import { EncodedPages } from "./encoded_pages.ts";

/** The compressed pages of a registry: in the folder that it has for them, else in memory. */
export function openEncodedPages(
  registry: Pick<Registry, "getRecord" | "getBlob" | "encodedDir">,
  log: Logger,
): EncodedPages {
  const { encodedDir } = registry;
  const store = encodedDir === undefined ? encodedMemory() : encodedFolder(encodedDir);
  return new EncodedPages({ registry, store, log });
}
