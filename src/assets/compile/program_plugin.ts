import { isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";
import type { OnLoadResult, Plugin, PluginBuild } from "esbuild";
import { ADDON_FILE } from "./addon.ts";
import type { CachedPackage } from "./npm_cache.ts";
import type { PackageGraph } from "./package_graph.ts";

/** Set on a resolution of ours, so that it does not ask itself again. */
const RESOLVED = "gemmapod-resolved";

/** Where built-in modules live that a CommonJS module asks for. */
const BUILT_IN = "built-in";

/** Where packages of {@linkcode COMMONJS_NAMES} live as modules. */
const COMMONJS = "commonjs";

/**
 * What is imported of packages of CommonJS that are loaded on demand: esbuild gives those a file of
 * their own, which has a default and no names.
 */
const COMMONJS_NAMES: Readonly<Record<string, readonly string[]>> = { amaro: ["transformSync"] };

/** Stands for the part of node-datachannel that looks for the addon of its machine. */
const ADDON_LOADER = `
import { createRequire } from "node:module";
export default createRequire(import.meta.url)("./${ADDON_FILE}");
`;

/** What {@linkcode programSources} needs. */
export interface ProgramSourcesOptions {
  readonly graph: PackageGraph;
  /** The checkout. */
  readonly root: string;
  /** A folder for links to packages. */
  readonly links: string;
}

/**
 * What makes a program bundle as it runs in Deno from its sources: packages as Deno resolved and
 * locked them, files imported as text or bytes, and `import.meta` of each module as if it still
 * stood at its place below the checkout, as the files that it reads do.
 */
export function programSources({ graph, root, links }: ProgramSourcesOptions): Plugin {
  return {
    name: "gemmapod-program",
    setup(build: PluginBuild): void {
      build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, kind, importer }) => {
        if (kind === "entry-point" || pluginData === RESOLVED) return;
        if (isBuiltin(path)) {
          const name = path.replace(/^node:/, "");
          return kind === "require-call"
            ? { path: name, namespace: BUILT_IN }
            : { path: `node:${name}`, external: true };
        }
        if (kind === "dynamic-import" && Object.hasOwn(COMMONJS_NAMES, path)) {
          return { path, namespace: COMMONJS };
        }
        const meant = graph.find(path, importer);
        if (meant === undefined) return;
        const resolveDir = await linked(meant.found, links);
        return await build.resolve(meant.specifier, {
          kind,
          importer,
          resolveDir,
          pluginData: RESOLVED,
        });
      });
      // In a module there is no `require` to ask for it.
      build.onLoad({ filter: /.*/, namespace: BUILT_IN }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
        loader: "js",
      }));
      build.onLoad({ filter: /.*/, namespace: COMMONJS }, ({ path }) => ({
        contents: `export { ${COMMONJS_NAMES[path]} } from ${JSON.stringify(path)};`,
        resolveDir: root,
      }));
      build.onLoad({ filter: /[/\\]lib[/\\]node-datachannel\.mjs$/ }, () => ({
        contents: ADDON_LOADER,
        loader: "js",
      }));
      build.onLoad({ filter: /.*/ }, async ({ path, with: { type } }) => {
        if (type !== "text" && type !== "bytes") return undefined;
        return { contents: await Deno.readFile(path), loader: type === "text" ? type : "binary" };
      });
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => inItsPlace(path, root));
    },
  };
}

/** A module of ours whose `import.meta` says what it would say at its place below the bundle. */
async function inItsPlace(path: string, root: string): Promise<OnLoadResult | undefined> {
  const below = relative(root, path).replaceAll("\\", "/");
  if (!below.startsWith("src/")) return undefined;
  const text = await Deno.readTextFile(path);
  if (!/import\.meta\.(?:url|dirname)/.test(text)) return undefined;
  const contents = text
    .replaceAll("import.meta.url", `new URL("./${below}", import.meta.url).href`)
    .replaceAll(
      "import.meta.dirname",
      `(import.meta.dirname && import.meta.dirname + "/${dirname(below)}")`,
    );
  return { contents, loader: "ts" };
}

/** A folder from which the package, and no other, is found by its name. */
async function linked({ name, version, dir }: CachedPackage, links: string): Promise<string> {
  const folder = join(links, `${name.replace("/", "+")}@${version}`);
  const path = join(folder, "node_modules", name);
  await Deno.mkdir(dirname(path), { recursive: true });
  try {
    await Deno.symlink(dir, path, { type: "junction" });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  return folder;
}
