import { join, resolve } from "node:path";
import { ROOT_DIR } from "../asset_files.ts";

/** The end of a path that a package's own folder has in Deno's cache: `name/version`. */
const PACKAGE_DIR = /^(.*?[/\\]((?:@[^/\\]+[/\\])?[^/\\@]+)[/\\](\d+\.\d+\.\d+[^/\\]*))[/\\]/;

/**
 * The licences of what is in the programs: ours, those of the packages, and those of what
 * `core.wasm` is compiled from.
 *
 * @param inputs the bundled files, relative to the checkout
 */
export async function licencesOfPrograms(inputs: readonly string[]): Promise<string> {
  const packages = new Map<string, string>();
  for (const input of inputs) {
    const [, dir, name = "", version] = PACKAGE_DIR.exec(resolve(ROOT_DIR, input)) ?? [];
    if (dir !== undefined) packages.set(dir, `${name.replace("\\", "/")} ${version}`);
  }
  const parts = [await Deno.readTextFile(join(ROOT_DIR, "LICENSE"))];
  for (const [dir, title] of [...packages].sort(([, a], [, b]) => a < b ? -1 : 1)) {
    parts.push(`${title}\n\n${await licenceIn(dir)}`);
  }
  parts.push(await Deno.readTextFile(join(ROOT_DIR, "core-rs", "LICENCES.txt")));
  return parts.map((part) => part.trim()).join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
}

/** The text of a package's licence; where it ships none, the name of it. */
async function licenceIn(dir: string): Promise<string> {
  for await (const { name, isFile } of Deno.readDir(dir)) {
    if (isFile && /^(?:licen[cs]e|copying)(?:[-.]\w+)*$/i.test(name)) {
      return await Deno.readTextFile(join(dir, name));
    }
  }
  const { license, homepage = "" } = JSON.parse(
    await Deno.readTextFile(join(dir, "package.json")),
  );
  if (typeof license !== "string") throw new Error(`Cannot find the licence in ${dir}`);
  return `${license} ${homepage}`;
}
