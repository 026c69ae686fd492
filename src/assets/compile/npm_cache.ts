import { join } from "node:path";
import { CodedError } from "../../base/mod.ts";
import { ROOT_DIR } from "../asset_files.ts";

/** A package, where Deno keeps it. */
export interface CachedPackage {
  readonly name: string;
  readonly version: string;
  readonly dir: string;
  /** Ids of what it depends on. */
  readonly dependencies: readonly string[];
}

/** What `deno info --json` says, as far as it is read here. */
interface DenoInfo {
  readonly npmCache: string;
  readonly modules: readonly { readonly npmPackage?: string }[];
  readonly npmPackages: Readonly<
    Record<string, Omit<CachedPackage, "dir"> & { readonly registryUrl: string }>
  >;
}

/**
 * The packages behind a module, by their ids, fetched by Deno where they are not there yet.
 *
 * @param entry a file of the checkout, or an `npm:` specifier
 * @param flags of `deno cache` and `deno info`
 */
export async function packagesBehind(
  entry: string,
  flags: readonly string[] = [],
): Promise<Map<string, CachedPackage>> {
  await deno(["cache", "--quiet", ...flags, entry]);
  const { npmCache } = await info([]);
  const { modules, npmPackages } = await info([...flags, entry]);
  const found = new Map<string, CachedPackage>();
  const open = modules.flatMap(({ npmPackage }) => npmPackage ?? []);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const one = npmPackages[id];
    if (one === undefined || found.has(id)) continue;
    const { name, version, dependencies, registryUrl } = one;
    const registry = registryUrl.replace(/^\w+:\/\//, "").replace(/\/+$/, "").replace(":", "_");
    const dir = await realPath(join(npmCache, registry, name, version));
    found.set(id, { name, version, dependencies, dir });
    open.push(...dependencies);
  }
  return found;
}

/** A path as a bundler finds it, without links; of a package that is not here, the path itself. */
async function realPath(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return path; // it is for another platform
    throw error;
  }
}

/** Deno's own report, of the version that we pin. */
async function info(args: readonly string[]): Promise<DenoInfo> {
  return JSON.parse(await deno(["info", "--json", ...args]));
}

async function deno(args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT_DIR,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (success) return text(stdout);
  throw new CodedError("deno_failed", `Cannot run deno ${args[0]}: ${text(stderr).trim()}`);
}
