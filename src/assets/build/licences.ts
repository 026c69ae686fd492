import { join } from "node:path";
import { ROOT_DIR } from "../asset_files.ts";
import type { NpmPackage } from "./npm_links.ts";

/**
 * The licences of what the bundles contain: ours, those of the packages, and those of what
 * `core.wasm` is compiled from. Throws where a package has none.
 */
export async function licencesOf(packages: readonly NpmPackage[]): Promise<string> {
  const parts = [await Deno.readTextFile(join(ROOT_DIR, "LICENSE"))];
  for (const { name, version, dir } of packages) {
    parts.push(`${name} ${version}\n\n${await licenceIn(dir)}`);
  }
  parts.push(await Deno.readTextFile(join(ROOT_DIR, "core-rs", "LICENCES.txt")));
  return parts.map((part) => part.trim()).join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
}

/**
 * A comment that names the holders of what a bundle contains, for the copy of it that travels in a
 * packed page, without the file of licences. Throws where a package names none.
 */
export async function copyrightComment(packages: readonly NpmPackage[]): Promise<string> {
  const holders = await Promise.all(packages.map(async ({ name, dir }) => {
    const line = /^\W*(copyright .*\d.*)$/im.exec(await licenceIn(dir))?.[1];
    if (line === undefined) throw new Error(`Cannot find the copyright of ${name}`);
    return `${name}: ${line.trim()}`;
  }));
  return `/* ${holders.join("; ")} */\n`;
}

async function licenceIn(dir: string): Promise<string> {
  for await (const { name, isFile } of Deno.readDir(dir)) {
    if (isFile && /^licen[cs]e(\.\w+)?$/i.test(name)) {
      return await Deno.readTextFile(join(dir, name));
    }
  }
  throw new Error(`Cannot find the licence in ${dir}`);
}
