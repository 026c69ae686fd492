import { join } from "node:path";
import type { BuildOptions, Metafile } from "esbuild";
import { ROOT_DIR } from "../asset_files.ts";
import { CLASSIC_HEAD, classicScript } from "./classic_script.ts";
import { type CoreUse, JSX, ourSources } from "./esbuild_plugin.ts";
import type { NpmPackage } from "./npm_links.ts";

/** One bundle, built. */
export interface Bundle {
  code: string;
  map: string;
  metafile: Metafile;
}

/** What {@linkcode bundle} makes. */
export interface BundleOptions {
  /** A file below the checkout. */
  entry: string;
  /** @default "given" */
  core?: CoreUse;
  /** Identifiers in the sources that stand for a text or for null. */
  define: Readonly<Record<string, string | null>>;
  /** A folder with the packages. */
  nodePath: string;
  /** Names of the import map that stand for a package of another name. */
  aliases: Readonly<Record<string, string>>;
  /** The first line. */
  banner: string;
  /**
   * `iife` is a classic script that makes one global, `esm` a module.
   * @default "iife"
   */
  format?: "iife" | "esm";
}

/** What all bundles have in common. */
const COMMON = {
  bundle: true,
  platform: "browser",
  target: "es2022",
  charset: "utf8",
  format: "esm",
  minify: true,
  sourcemap: "external",
  sourcesContent: true,
  legalComments: "none",
  metafile: true,
  write: false,
  logLevel: "silent",
  jsx: "transform",
  jsxFactory: JSX.factory,
  jsxFragment: JSX.fragment,
  // Ours alone: what lies around a checkout has no say.
  tsconfigRaw: {},
} satisfies BuildOptions;

/** Bundles an entry into one script. Throws what esbuild throws: errors with their places. */
export async function bundle(options: BundleOptions): Promise<Bundle> {
  // Loaded when something is built, and never by who only reads what was.
  const esbuild = await import("esbuild");
  const isClassic = options.format !== "esm";
  const { metafile, outputFiles } = await esbuild.build({
    ...COMMON,
    entryPoints: [join(ROOT_DIR, options.entry)],
    outfile: join(ROOT_DIR, "bundle.js"),
    absWorkingDir: ROOT_DIR,
    nodePaths: [options.nodePath],
    plugins: [ourSources(options)],
    banner: { js: isClassic ? `${options.banner}\n${CLASSIC_HEAD}` : options.banner },
    define: Object.fromEntries(
      Object.entries(options.define).map((
        [name, text],
      ) => [name, JSON.stringify(text)]),
    ),
  });
  const textOf = (ending: string) =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
  const module = textOf("bundle.js");
  const code = isClassic ? classicScript(module) : module;
  refuseUnsafe(code, options.entry);
  return { code, map: textOf(".map"), metafile };
}

/** What would end, or begin to hide, the `<script>` that a bundle stands in (HTML, 13.2.5.4). */
export function refuseUnsafe(code: string, entry: string): void {
  const found = /<\/script|<!--/i.exec(code);
  if (found) throw new Error(`The bundle of ${entry} holds ${JSON.stringify(found[0])}`);
}

/**
 * Which of `packages` are in a bundle.
 *
 * Throws when Preact is in it twice: updates would then die without a word.
 */
export function packagesIn(metafile: Metafile, packages: readonly NpmPackage[]): NpmPackage[] {
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => join(ROOT_DIR, path))
  );
  const preacts = files.filter((path) => /[/\\]dist[/\\]preact\.\w+$/.test(path));
  if (preacts.length > 1) throw new Error(`Preact is bundled twice: ${preacts.join(", ")}`);
  return packages.filter(({ dir }) => files.some((path) => path.startsWith(dir)));
}

/** A room of ours, or a package, and its bytes in a bundle. */
export interface BundlePart {
  name: string;
  bytes: number;
}

/** What a bundle is made of, largest first. */
export function partsOf(metafile: Metafile, packages: readonly NpmPackage[]): BundlePart[] {
  const parts = new Map<string, number>();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const file = join(ROOT_DIR, path);
      const name = packages.find(({ dir }) => file.startsWith(dir))?.name ??
        path.split("/").slice(0, 2).join("/");
      parts.set(name, (parts.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...parts].map(([name, bytes]) => ({ name, bytes }))
    .filter(({ bytes }) => bytes > 0).sort((one, other) => other.bytes - one.bytes);
}
