import { join } from "node:path";
import { ROOT_DIR } from "../asset_files.ts";

/** The import map of `deno.json`: our own file. */
export async function readImportMap(): Promise<Readonly<Record<string, string>>> {
  return JSON.parse(await Deno.readTextFile(join(ROOT_DIR, "deno.json"))).imports;
}
