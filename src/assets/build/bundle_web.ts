import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { toBase64 } from "../../base/mod.ts";
import { writeFileAtomic } from "../../base/native.ts";
import {
  ASSET_FILES,
  type AssetName,
  ROOT_DIR,
  WEB_DIST_DIR,
  WEB_MAPS_DIR,
} from "../asset_files.ts";
import { builtStamp } from "../fresh_web.ts";
import { sourceStamp } from "../source_stamp.ts";
import { type BundleOptions, type BundlePart, packagesIn, partsOf } from "./bundle.ts";
import { withBundler } from "./bundler.ts";
import { dashboardHtml } from "./dashboard_html.ts";
import type { CoreUse } from "./esbuild_plugin.ts";
import { copyrightComment, licencesOf } from "./licences.ts";
import type { NpmPackage } from "./npm_links.ts";
import { squeezed } from "./squeeze.ts";

/** How large a built file is. */
export interface BuiltSize {
  file: string;
  bytes: number;
  /** By zlib's best, as servers have it. */
  gzipBytes: number;
  /** What is in it, largest first, as esbuild leaves it: {@linkcode squeezed} makes it less. */
  parts: readonly BundlePart[];
}

/** The bundles, by the file that they become. */
const BUNDLES = [
  { name: "site", entry: "web/entry-site.ts", core: "carried" },
  { name: "page", entry: "web/entry.ts", core: "given" },
  { name: "runtime", entry: "web/entry-runtime.ts", core: "none" },
] as const satisfies readonly { name: AssetName; entry: string; core: CoreUse }[];

/** What the dashboard's page is made of. */
const DASHBOARD_ENTRY = "web/dashboard/entry.tsx";

/** The identifier in `web/core_source.ts` that stands for the compressed WASM as base64. */
const CORE_CONSTANT = "GEMMAPOD_CORE_GZIP_B64";

/** The options that make a bundle the same as a script and as a module. */
export function bundleOptions(
  core: CoreUse,
  coreGzip: Uint8Array,
): Pick<BundleOptions, "core" | "define" | "banner"> {
  return {
    core,
    define: { [CORE_CONSTANT]: core === "carried" ? toBase64(coreGzip) : null },
    banner: `/* GemmaPod (MIT); with libraries under their licences: ${ASSET_FILES.licences} */`,
  };
}

/** The WASM core, compressed, as it is checked in. */
export function readCoreGzip(): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(join(ROOT_DIR, "src", "core", "core.wasm.gz"));
}

/**
 * Makes everything in `dist/web` from the sources. One build at a time, whoever asks: others wait,
 * and find it done.
 *
 * @param when `if-old` does nothing where the files are those of these sources
 */
export async function bundleWeb(when: "always" | "if-old"): Promise<BuiltSize[]> {
  await Deno.mkdir(WEB_DIST_DIR, { recursive: true });
  await Deno.mkdir(WEB_MAPS_DIR, { recursive: true });
  // The system lets go of the lock when a process dies; the empty file stays.
  using lock = await Deno.open(join(WEB_MAPS_DIR, "lock"), { create: true, write: true });
  await lock.lock(true);
  // Taken before the sources are read: what changes meanwhile makes the next build.
  const stamp = await sourceStamp();
  if (when === "if-old" && await builtStamp() === stamp) return [];
  return await build(stamp);
}

async function build(stamp: string): Promise<BuiltSize[]> {
  const coreGzip = await readCoreGzip();
  const used = new Set<NpmPackage>();
  const sizes: BuiltSize[] = [];
  const entries = [...BUNDLES.map(({ entry }) => entry), DASHBOARD_ENTRY];
  await withBundler(entries, async ({ bundle, packages }) => {
    for (const { name, entry, core } of BUNDLES) {
      const made = await bundle({ entry, ...bundleOptions(core, coreGzip) });
      const { code, map, metafile } = await squeezed(made);
      const inside = packagesIn(metafile, packages);
      for (const one of inside) used.add(one);
      // At the end, where it moves no line away from its place in the map.
      const signed = code + await copyrightComment(inside);
      await write(ASSET_FILES[name], signed);
      await writeFileAtomic(join(WEB_MAPS_DIR, `${ASSET_FILES[name]}.map`), map, PUBLIC);
      sizes.push(sizeOf(ASSET_FILES[name], signed, partsOf(metafile, packages)));
    }
    const { code, metafile } = await bundle({
      entry: DASHBOARD_ENTRY,
      core: "none",
      define: {},
      banner: "",
    });
    for (const one of packagesIn(metafile, packages)) used.add(one);
    const page = await dashboardHtml(code);
    await write(ASSET_FILES.dashboard, page);
    sizes.push(sizeOf(ASSET_FILES.dashboard, page, partsOf(metafile, packages)));
  });
  await write(ASSET_FILES.core, coreGzip);
  await write(ASSET_FILES.licences, await licencesOf([...used]));
  await write(ASSET_FILES.stamp, stamp);
  return sizes;
}

/** These files are for everybody to read. */
const PUBLIC = { mode: 0o644 } as const;

function write(file: string, content: string | Uint8Array): Promise<void> {
  return writeFileAtomic(join(WEB_DIST_DIR, file), content, PUBLIC);
}

/** Measures a text that becomes a file. */
export function sizeOf(file: string, text: string, parts: readonly BundlePart[]): BuiltSize {
  const bytes = new TextEncoder().encode(text);
  return {
    file,
    bytes: bytes.length,
    gzipBytes: gzipSync(bytes, { level: 9 }).length,
    parts,
  };
}
