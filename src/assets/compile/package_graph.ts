import { isBuiltin } from "node:module";
import { readImportMap } from "./import_map.ts";
import { type CachedPackage, packagesBehind } from "./npm_cache.ts";

/** Which package an import means, as Deno resolves it. */
export interface PackageGraph {
  /**
   * The package that a bare import means, and the import as that package's own name for it.
   * Undefined where it means none.
   *
   * @param importer the file that imports: ours, which the import map speaks for, or a package's
   */
  find(specifier: string, importer: string): FoundPackage | undefined;
}

/** What {@linkcode PackageGraph.find} finds. */
export interface FoundPackage {
  readonly found: CachedPackage;
  /** `name`, or `name/sub/path`. */
  readonly specifier: string;
}

/** Reads the packages behind a file of the checkout. */
export async function readPackageGraph(entry: string): Promise<PackageGraph> {
  const byId = await packagesBehind(entry);
  const packages = [...byId.values()];
  const imports = await readImportMap();

  return {
    find(specifier, importer) {
      const [name, sub] = splitSpecifier(specifier);
      if (name === "" || isBuiltin(specifier)) return undefined;
      const owner = packages.find(({ dir }) => importer.startsWith(dir));
      if (owner !== undefined) {
        const own = owner.name === name
          ? owner
          : owner.dependencies.map((id) => byId.get(id)).find((one) => one?.name === name);
        return own && { found: own, specifier };
      }
      const target = imports[name];
      const found = packages.find((one) => `npm:${one.name}@${one.version}` === target);
      return found && { found, specifier: `${found.name}${sub}` };
    },
  };
}

/** A package's name, and what follows it with its slash. */
function splitSpecifier(specifier: string): [name: string, sub: string] {
  const [, name = "", sub = ""] = /^((?:@[^/]+\/)?[^./][^/]*)(\/.*)?$/.exec(specifier) ?? [];
  return [name, sub];
}
