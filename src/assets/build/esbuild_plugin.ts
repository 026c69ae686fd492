import { dirname } from "node:path";
import type { OnLoadResult, Plugin, PluginBuild } from "esbuild";
import { readPatchLibrary } from "./patch_library.ts";
import { shortenPrivateMembers } from "./private_members.ts";
import { smallStyle } from "./small_style.ts";

/** Set on a resolution of ours, so that it does not ask itself again. */
const RESOLVED = "gemmapod-resolved";

/** An import that names its package's version itself: `npm:react@19.3.1`. */
const INLINE_VERSION = /^npm:((?:@[^/]+\/)?[^@/]+)@[^/]+/;

/** Whether a bundle carries the WASM core, is given it by its page, or has none. */
export type CoreUse = "carried" | "given" | "none";

/** Stands for `src/core/load_core.ts` where there is no core, so that nothing of it is bundled. */
const NO_CORE = `
export function loadCore() {
  return Promise.reject(new Error("This bundle has no WASM core"));
}
export function provideCore() {}
`;

/** Stands for `src/core/checked_in_core.ts`, whose `import()` would bring helpers for modules. */
const NO_CHECKED_IN_CORE = `
export function checkedInCore() {
  throw new Error("This bundle carries no WASM core");
}
`;

/**
 * What JSX is made into, under names that no source has. `createElement` takes children as
 * arguments, where the newer `jsx` wants the word `children` once more for each element.
 */
export const JSX = { factory: "jsxElement", fragment: "jsxFragment" } as const;

const JSX_IMPORT =
  `import { createElement as ${JSX.factory}, Fragment as ${JSX.fragment} } from "preact";`;

/** What {@linkcode ourSources} needs. */
export interface OurSourcesOptions {
  /** Names of `deno.json`'s import map that are not the package's own. */
  readonly aliases: Readonly<Record<string, string>>;
  /** @default "given" */
  readonly core?: CoreUse;
}

/**
 * What makes our sources bundle as they run in Deno: no module of ours has side effects, so what
 * is not used is left out; style sheets are minified texts; the WASM is not bundled as a module.
 */
export function ourSources({ aliases, core = "given" }: OurSourcesOptions): Plugin {
  return {
    name: "gemmapod",
    setup(build: PluginBuild): void {
      build.onResolve({ filter: /.*/ }, async ({ path, pluginData, ...rest }) => {
        if (rest.kind === "entry-point" || pluginData === RESOLVED) return;
        const name = aliases[path] ?? path.replace(INLINE_VERSION, "$1");
        const found = await build.resolve(name, { ...rest, pluginData: RESOLVED });
        return found.errors.length > 0 ? found : { ...found, sideEffects: false };
      });
      build.onLoad({ filter: /\.css$/ }, async ({ path }): Promise<OnLoadResult> => {
        const { code } = await build.esbuild.transform(await Deno.readTextFile(path), {
          loader: "css",
          minify: true,
          target: "es2022",
          legalComments: "none",
        });
        return { contents: smallStyle(code.trim()), loader: "text", resolveDir: dirname(path) };
      });
      shortenPrivateMembers(build);
      readPatchLibrary(build);
      if (core === "none") {
        build.onLoad({ filter: /[/\\]src[/\\]core[/\\]load_core\.ts$/ }, () => ({
          contents: NO_CORE,
          loader: "js",
        }));
      }
      // A bundle gets its core by `provideCore`.
      build.onLoad({ filter: /[/\\]src[/\\]core[/\\]checked_in_core\.ts$/ }, () => ({
        contents: NO_CHECKED_IN_CORE,
        loader: "js",
      }));
      build.onLoad({ filter: /\.tsx$/ }, async ({ path }): Promise<OnLoadResult> => ({
        // On the first line, so that every line keeps its number in the source map.
        contents: JSX_IMPORT + await Deno.readTextFile(path),
        loader: "tsx",
      }));
    },
  };
}
