import { join } from "node:path";
import { ROOT_DIR } from "../asset_files.ts";
import type { NpmPackage } from "./npm_links.ts";

/** The licences of what a bundle contains, ours first. Throws where a package has none. */
export async function licencesOf(packages: readonly NpmPackage[]): Promise<string> {
  const parts = [await Deno.readTextFile(join(ROOT_DIR, "LICENSE"))];
  for (const { name, version, dir } of packages) {
    parts.push(`${name} ${version}\n\n${await licenceIn(dir)}`);
  }
  return parts.map((part) => part.trim()).join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
}

async function licenceIn(dir: string): Promise<string> {
  for await (const { name, isFile } of Deno.readDir(dir)) {
    if (isFile && /^licen[cs]e(\.\w+)?$/i.test(name)) {
      return await Deno.readTextFile(join(dir, name));
    }
  }
  throw new Error(`Cannot find the licence in ${dir}`);
}
