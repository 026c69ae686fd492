import { join } from "node:path";
import { CodedError } from "../../base/mod.ts";
import { ROOT_DIR } from "../asset_files.ts";

/** A package that the bundles may use, where Deno keeps it. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly dir: string;
}

interface DenoInfo {
  modules: { npmPackage?: string }[];
  npmPackages: Record<
    string,
    { name: string; version: string; dependencies: string[]; registryUrl: string }
  >;
}

/**
 * The packages behind some entry files, as Deno resolved and locked them: esbuild reads the very
 * files that the tests ran.
 *
 * @param entries files of the checkout
 */
export async function npmPackagesOf(entries: readonly string[]): Promise<NpmPackage[]> {
  // `deno info` reports what is cached; on a fresh machine nothing is.
  await deno(["cache", "--quiet", ...entries]);
  const { npmCache } = JSON.parse(await deno(["info", "--json"])) as { npmCache: string };
  const found = new Map<string, NpmPackage>();
  for (const entry of entries) {
    // Deno's own report, of the version that we pin.
    const info = JSON.parse(await deno(["info", "--json", entry])) as DenoInfo;
    const open = info.modules.flatMap(({ npmPackage }) => npmPackage ?? []);
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const one = info.npmPackages[id];
      if (one === undefined || found.has(id)) continue;
      const { name, version, dependencies, registryUrl } = one;
      const registry = registryUrl.replace(/^\w+:\/\//, "").replace(/\/+$/, "").replace(":", "_");
      found.set(id, { name, version, dir: join(npmCache, registry, name, version) });
      open.push(...dependencies);
    }
  }
  return [...found.values()];
}

/**
 * Makes a `node_modules` of links to some packages, for a bundler.
 *
 * Throws `CodedError` `two_versions` where two packages have one name: a bundle with two copies of
 * a library is a mistake (two of Preact make dead updates).
 */
export async function linkPackages(dir: string, packages: readonly NpmPackage[]): Promise<void> {
  const seen = new Map<string, string>();
  for (const { name, version, dir: target } of packages) {
    const other = seen.get(name);
    if (other !== undefined && other !== target) {
      throw new CodedError("two_versions", `Cannot bundle ${name} twice: ${other} and ${version}`);
    }
    seen.set(name, target);
    const link = join(dir, name);
    await Deno.mkdir(join(link, ".."), { recursive: true });
    await Deno.symlink(target, link, { type: "junction" });
  }
}

async function deno(args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT_DIR,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (success) return text(stdout);
  throw new CodedError("deno_failed", `Cannot run deno ${args[0]}: ${text(stderr).trim()}`);
}
