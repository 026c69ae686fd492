import { type Bundle, refuseUnsafe } from "./bundle.ts";

/** What a bundle is squeezed as. */
export interface SqueezeOptions {
  /** @default "iife" */
  format?: "iife" | "esm";
}

/**
 * A bundle once more through Terser: it knows what a function of ours is called for, where esbuild
 * looks at one expression at a time, and gives names so that gzip finds them again. Twice, because
 * the first time leaves more to see.
 *
 * For what visitors download; what only developers see is not worth its seconds.
 */
export async function squeezed(bundle: Bundle, options: SqueezeOptions = {}): Promise<Bundle> {
  // Loaded when something is built, as esbuild is.
  const { minify } = await import("terser");
  const { code = "", map } = await minify(bundle.code, {
    ecma: ECMA,
    module: options.format === "esm",
    compress: {
      ecma: ECMA,
      passes: 2,
      // Nothing here asks a function how many parameters it has.
      keep_fargs: false,
      // Unsafe where a function without `this` is called with `new`. Ours are classes; Preact's one
      // constructor has `this`.
      unsafe_arrows: true,
    },
    // The first line, which names us and where the licences are.
    format: { ecma: ECMA, comments: /^ GemmaPod \(MIT\)/ },
    sourceMap: { content: bundle.map, filename: "bundle.js" },
  });
  refuseUnsafe(code, "the squeezed bundle");
  // Terser's types know maps as objects too; it writes texts, unless asked.
  if (typeof map !== "string") throw new Error("Terser wrote no source map");
  return { ...bundle, code: `${code}\n`, map };
}

/** The newest that Terser has a use for. */
const ECMA = 2020;
