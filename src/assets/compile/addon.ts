import { join } from "node:path";
import { CodedError } from "../../base/mod.ts";
import { ROOT_DIR } from "../asset_files.ts";
import { readImportMap } from "./import_map.ts";
import { packagesBehind } from "./npm_cache.ts";
import type { Target } from "./targets.ts";

/** The addon in its package, and beside a bundled program. */
export const ADDON_FILE = "node_datachannel.node";

/**
 * The path of node-datachannel's addon for a platform, fetched by Deno where it is not this
 * machine's. It is the one that `deno.lock` names.
 *
 * Rejects with `CodedError` `bad_addon` where what was fetched is another.
 */
export async function addonOf({ addon }: Target): Promise<string> {
  const version = (await readImportMap())["node-datachannel"]?.split("@").at(-1);
  const id = `${addon}@${version}`;
  // Without the lock file, which has it as an option of its platform, not as an import.
  const found = (await packagesBehind(`npm:${id}`, ["--no-config", "--no-lock"])).get(id);
  if (found === undefined) throw new CodedError("bad_addon", `Cannot find ${id}`);
  const [locked, fetched] = [await lockedIntegrity(id), await fetchedIntegrity(found)];
  if (locked === undefined || locked !== fetched) {
    throw new CodedError("bad_addon", `Cannot use ${id}: it is not the one of deno.lock`);
  }
  return join(found.dir, ADDON_FILE);
}

async function lockedIntegrity(id: string): Promise<string | undefined> {
  const lock = JSON.parse(await Deno.readTextFile(join(ROOT_DIR, "deno.lock"))); // our own file
  return lock.npm[id]?.integrity;
}

/** What Deno has checked the download against. */
async function fetchedIntegrity(
  { dir, version }: { dir: string; version: string },
): Promise<string | undefined> {
  const registry = JSON.parse(await Deno.readTextFile(join(dir, "..", "registry.json")));
  return registry.versions?.[version]?.dist?.integrity;
}
