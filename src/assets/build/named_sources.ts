import { join, relative } from "node:path";
import { ROOT_DIR } from "../asset_files.ts";
import type { NpmPackage } from "./npm_links.ts";

/**
 * A source map whose sources have names that mean something elsewhere: a library's file is
 * `npm/<name>@<version>/<file>`, and not where this machine keeps it.
 *
 * Throws where a source is neither ours nor a library's.
 */
export function namedSources(map: string, packages: readonly NpmPackage[]): string {
  const parsed = JSON.parse(map) as { sources: string[] }; // esbuild wrote it
  parsed.sources = parsed.sources.map((source) => {
    const path = join(ROOT_DIR, source);
    const owner = packages.find(({ dir }) => path.startsWith(`${dir}/`));
    if (owner !== undefined) {
      return `npm/${owner.name}@${owner.version}/${relative(owner.dir, path)}`;
    }
    if (source.startsWith("..")) throw new Error(`Cannot name ${path} in a source map`);
    return source;
  });
  return JSON.stringify(parsed);
}
