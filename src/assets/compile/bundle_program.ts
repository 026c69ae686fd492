import { join } from "node:path";
import type { BuildOptions, Metafile, Plugin } from "esbuild";
import { ROOT_DIR } from "../asset_files.ts";
import { readPackageGraph } from "./package_graph.ts";
import type { Program } from "./program_list.ts";
import { programSources } from "./program_plugin.ts";

/** The file that a bundled program starts with. */
export const MAIN_FILE = "main.js";

/** Before a name of {@linkcode Program.shared}, for esbuild. */
const SHARED = "shared:";

/** For people: names and lines stay, so that a stack says where. */
const OPTIONS = {
  bundle: true,
  // What a command loads when it needs it stays in a file of its own.
  splitting: true,
  format: "esm",
  platform: "node",
  conditions: ["deno", "node", "import"],
  target: "esnext",
  charset: "utf8",
  legalComments: "none",
  chunkNames: "[name]-[hash]",
  metafile: true,
  logLevel: "silent",
  // Ours alone: what lies around a checkout has no say.
  tsconfigRaw: {},
} satisfies BuildOptions;

/**
 * Bundles a program, with the libraries that it uses and nothing else of them, into JavaScript in a
 * folder, and returns what it is made of. Beside `main.js` lies a module for each name that code
 * from outside may import.
 */
export async function bundleProgram(program: Program, folder: string): Promise<Metafile> {
  const esbuild = await import("esbuild");
  const links = await Deno.makeTempDir({ prefix: "gemmapod-packages-" });
  try {
    const graph = await readPackageGraph(program.entry);
    const root = await Deno.realPath(ROOT_DIR); // as esbuild names what it reads
    const { metafile } = await esbuild.build({
      ...OPTIONS,
      absWorkingDir: root,
      outdir: folder,
      entryPoints: [
        { in: join(root, program.entry), out: MAIN_FILE.replace(/\.js$/, "") },
        ...program.shared.map((name) => ({
          in: `${SHARED}${name}`,
          out: sharedFile(name).replace(/\.js$/, ""),
        })),
      ],
      plugins: [sharedModules(), programSources({ graph, root, links })],
    });
    refuseNameless(metafile);
    return metafile;
  } finally {
    await esbuild.stop();
    await Deno.remove(links, { recursive: true });
  }
}

/** A module of CommonJS that is loaded on demand would have no names (see `program_plugin.ts`). */
function refuseNameless({ inputs }: Metafile): void {
  for (const [importer, { imports }] of Object.entries(inputs)) {
    for (const { path, kind } of imports) {
      if (!importer.startsWith("src/")) continue; // what a package does so is not used by ours
      if (kind === "dynamic-import" && inputs[path]?.format === "cjs") {
        throw new Error(`${importer} imports ${path} on demand, and its names are not listed`);
      }
    }
  }
}

/** The module of a name of {@linkcode Program.shared}, beside `main.js`. */
export function sharedFile(name: string): string {
  return `shared-${name.replaceAll("/", "-")}.js`;
}

function sharedModules(): Plugin {
  const filter = new RegExp(`^${SHARED}`);
  return {
    name: "gemmapod-shared",
    setup(build): void {
      build.onResolve({ filter }, ({ path }) => ({
        path: path.slice(SHARED.length),
        namespace: SHARED,
      }));
      build.onLoad({ filter: /.*/, namespace: SHARED }, ({ path }) => ({
        contents: `export * from ${JSON.stringify(path)};`,
        resolveDir: ROOT_DIR,
      }));
    },
  };
}
