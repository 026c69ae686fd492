import { join } from "node:path";
import { ROOT_DIR } from "../asset_files.ts";
import { type Bundle, bundle, type BundleOptions } from "./bundle.ts";
import { linkPackages, type NpmPackage, npmPackagesOf } from "./npm_links.ts";

/** What {@linkcode withBundler} hands out. */
export interface Bundler {
  /** Bundles one of the entries. */
  bundle(options: Omit<BundleOptions, "nodePath" | "aliases">): Promise<Bundle>;
  /** The packages behind the entries. */
  packages: readonly NpmPackage[];
}

/** Has packages and esbuild at hand for some entries, and lets go of both at the end. */
export async function withBundler(
  entries: readonly string[],
  run: (bundler: Bundler) => Promise<void>,
): Promise<void> {
  const packages = await npmPackagesOf([...new Set(entries)]);
  const nodePath = await Deno.makeTempDir({ prefix: "gemmapod-packages-" });
  try {
    await linkPackages(nodePath, packages);
    const aliases = await importAliases();
    await run({ packages, bundle: (options) => bundle({ ...options, nodePath, aliases }) });
  } finally {
    await (await import("esbuild")).stop();
    await Deno.remove(nodePath, { recursive: true });
  }
}

/** Names of the import map that stand for a package of another name. */
async function importAliases(): Promise<Record<string, string>> {
  // Our own file.
  const { imports } = JSON.parse(await Deno.readTextFile(join(ROOT_DIR, "deno.json"))) as {
    imports: Record<string, string>;
  };
  const aliases: Record<string, string> = {};
  for (const [name, target] of Object.entries(imports)) {
    const real = /^npm:(@?[^@]+)@/.exec(target)?.[1];
    if (real !== undefined && real !== name) aliases[name] = real;
  }
  return aliases;
}
