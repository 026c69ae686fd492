import { join } from "node:path";
import { toBase64, utf8Encode, VERSION } from "../../base/mod.ts";
import { writeFileAtomic } from "../../base/native.ts";
import { ASSET_FILES, NPM_DIST_DIR, ROOT_DIR, WEB_DIST_DIR, WEB_MAPS_DIR } from "../asset_files.ts";
import { packagesIn, partsOf } from "./bundle.ts";
import { type BuiltSize, bundleOptions, bundleWeb, readCoreGzip, sizeOf } from "./bundle_web.ts";
import { withBundler } from "./bundler.ts";
import { GLOBAL_NAME } from "./classic_script.ts";
import { declarationsOf } from "./declarations.ts";
import { copyrightComment, licencesOf } from "./licences.ts";
import { namedSources } from "./named_sources.ts";
import type { NpmPackage } from "./npm_links.ts";
import { squeezed } from "./squeeze.ts";

/** What the package exports: a module, its types, and the same as a classic script. */
const PARTS = [
  { path: ".", file: "gemmapod-shim", entry: "web/entry-site.ts", core: "carried", script: "site" },
  {
    path: "./runtime",
    file: "gemmapod-runtime",
    entry: "web/entry-runtime.ts",
    core: "none",
    script: "runtime",
  },
] as const;

/** For everybody to read. */
const PUBLIC = { mode: 0o644 } as const;

/**
 * Writes the package `@gemmapod/embed` into `dist/npm`: both bundles as modules and as classic
 * scripts, with types, source maps and licences. What was there is replaced.
 */
export async function buildNpmPackage(): Promise<BuiltSize[]> {
  await bundleWeb("if-old");
  await Deno.remove(NPM_DIST_DIR, { recursive: true }).catch((error: unknown) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await Deno.mkdir(NPM_DIST_DIR, { recursive: true });

  const coreGzip = await readCoreGzip();
  const used = new Set<NpmPackage>();
  const sizes: BuiltSize[] = [];
  await withBundler(PARTS.map(({ entry }) => entry), async ({ bundle, packages }) => {
    for (const { file, entry, core, script } of PARTS) {
      const options = { entry, format: "esm", ...bundleOptions(core, coreGzip) } as const;
      const { code, map, metafile } = await squeezed(await bundle(options), options);
      const inside = packagesIn(metafile, packages);
      for (const one of inside) used.add(one);
      const signed = code + await copyrightComment(inside);
      const values = Object.values(metafile.outputs).flatMap(({ exports }) => exports);
      await write(`${file}.mjs`, withMap(signed, `${file}.mjs`));
      await write(`${file}.mjs.map`, namedSources(map, packages));
      await write(`${file}.d.ts`, await declarationsOf(entry, { values, globalName: GLOBAL_NAME }));
      sizes.push(sizeOf(`${file}.mjs`, signed, partsOf(metafile, packages)));

      const classic = ASSET_FILES[script];
      const text = await Deno.readTextFile(join(WEB_DIST_DIR, classic));
      await write(classic, withMap(text, classic));
      const classicMap = await Deno.readTextFile(join(WEB_MAPS_DIR, `${classic}.map`));
      await write(`${classic}.map`, namedSources(classicMap, packages));
    }
  });
  await write("package.json", `${JSON.stringify(manifest(), null, 2)}\n`);
  await write("README.md", await readme());
  await write("LICENSE", await Deno.readTextFile(join(ROOT_DIR, "LICENSE")));
  await write(ASSET_FILES.licences, await licencesOf([...used]));
  return sizes;
}

/** The package's own description. */
function manifest(): unknown {
  const scripts = PARTS.map(({ script }) => ASSET_FILES[script]);
  return {
    name: "@gemmapod/embed",
    version: VERSION,
    description: "Chat with a pod, a language model on its owner's machine, from any page",
    keywords: ["gemmapod", "chat", "webrtc", "llm", "ag-ui", "web-component"],
    license: "MIT",
    type: "module",
    // A module that nothing is imported from can be left out; a script is there for its global.
    sideEffects: ["./*.iife.js"],
    main: `./${PARTS[0].file}.mjs`,
    types: `./${PARTS[0].file}.d.ts`,
    unpkg: `./${scripts[0]}`,
    jsdelivr: `./${scripts[0]}`,
    exports: {
      ...Object.fromEntries(PARTS.map(({ path, file }) => [path, {
        types: `./${file}.d.ts`,
        default: `./${file}.mjs`,
      }])),
      ...Object.fromEntries(scripts.map((script) => [`./${script}`, `./${script}`])),
      "./package.json": "./package.json",
    },
    // For a `moduleResolution` that knows no `exports`.
    typesVersions: { "*": { runtime: [`./${PARTS[1].file}.d.ts`] } },
    files: [
      ...PARTS.flatMap(({ file }) => [`${file}.mjs`, `${file}.mjs.map`, `${file}.d.ts`]),
      ...scripts.flatMap((script) => [script, `${script}.map`]),
      ASSET_FILES.licences,
    ],
  };
}

/**
 * The package's page: what the README of the project says to embedders, and the hashes by which a
 * page can name its very scripts.
 */
async function readme(): Promise<string> {
  const text = await Deno.readTextFile(join(ROOT_DIR, "README.md"));
  const [, guide] = /^## For embedders\n([^]*?)(?=^## )/m.exec(text) ?? [];
  if (guide === undefined) throw new Error("The README has no word for embedders");
  const hashes = await Promise.all(PARTS.map(async ({ script }) => {
    const file = ASSET_FILES[script];
    return `- \`${file}\`: \`${await integrity(join(NPM_DIST_DIR, file))}\`\n`;
  }));
  return `# @gemmapod/embed ${VERSION}\n${guide.replace(/^###/gm, "##")}` +
    `## Hashes of the scripts\n\n${hashes.join("")}`;
}

/** The hash of a file as `integrity` and a content security policy want it. */
async function integrity(path: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-384", await Deno.readFile(path));
  return `sha384-${toBase64(new Uint8Array(hash))}`;
}

function withMap(code: string, file: string): string {
  return `${code}//# sourceMappingURL=${file}.map\n`;
}

function write(file: string, text: string): Promise<void> {
  return writeFileAtomic(join(NPM_DIST_DIR, file), utf8Encode(text), PUBLIC);
}
