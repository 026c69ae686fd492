import { dirname } from "node:path";
import type { OnLoadResult, Plugin, PluginBuild } from "esbuild";

/** Set on a resolution of ours, so that it does not ask itself again. */
const RESOLVED = "gemmapod-resolved";

/**
 * What makes our sources bundle as they run in Deno: no module of ours has side effects, so what
 * is not used is left out; style sheets are minified texts; the WASM is not bundled as a module.
 *
 * @param aliases names of `deno.json`'s import map that are not the package's own
 */
export function ourSources(aliases: Readonly<Record<string, string>>): Plugin {
  return {
    name: "gemmapod",
    setup(build: PluginBuild): void {
      build.onResolve({ filter: /.*/ }, async ({ path, pluginData, ...rest }) => {
        if (rest.kind === "entry-point" || pluginData === RESOLVED) return;
        const found = await build.resolve(aliases[path] ?? path, { ...rest, pluginData: RESOLVED });
        return found.errors.length > 0 ? found : { ...found, sideEffects: false };
      });
      build.onLoad({ filter: /\.css$/ }, async ({ path }): Promise<OnLoadResult> => {
        const { code } = await build.esbuild.transform(await Deno.readTextFile(path), {
          loader: "css",
          minify: true,
          target: "es2022",
          legalComments: "none",
        });
        return { contents: code.trim(), loader: "text", resolveDir: dirname(path) };
      });
      // A bundle gets its core by `provideCore`; one that has none says so when it is asked.
      build.onLoad({ filter: /\.wasm$/ }, () => ({
        contents: `throw new Error("This bundle carries no WASM core")`,
        loader: "js",
      }));
    },
  };
}
