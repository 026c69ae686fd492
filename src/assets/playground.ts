import { join } from "node:path";
import { ROOT_DIR } from "./asset_files.ts";
import { fullBundle, runtimeBundle } from "./read_assets.ts";

/** The pages of the playground, and what the bar calls them; `index` is `/`. */
export const PLAYGROUND_PAGES = {
  index: "Full chain",
  selftest: "Self-test",
  embed: "Hostile page",
  headless: "Headless",
  order: "Restaurant",
  react: "React",
} as const;

/** One of {@linkcode PLAYGROUND_PAGES}. */
export type PlaygroundPage = keyof typeof PLAYGROUND_PAGES;

/** A file of the playground, as a server gives it out. */
export interface PlaygroundFile {
  readonly type: string;
  readonly body: string;
}

const SOURCES = join(ROOT_DIR, "web", "playground");

/** All files of the playground by their path, without a slash before it: pages, scripts, styles. */
export async function buildPlayground(): Promise<Map<string, PlaygroundFile>> {
  const files = new Map<string, PlaygroundFile>();
  const pages = Object.keys(PLAYGROUND_PAGES) as PlaygroundPage[]; // its own keys
  for (const page of pages) {
    const html = await Deno.readTextFile(join(SOURCES, `${page}.html`));
    files.set(`${page}.html`, { type: "text/html", body: html.replace("<!--bar-->", bar(page)) });
  }
  for (const name of ["playground.css", "embed.css"]) {
    files.set(name, { type: "text/css", body: await Deno.readTextFile(join(SOURCES, name)) });
  }
  const script = (body: string) => ({ type: "text/javascript", body });
  files.set("gemmapod-shim.iife.js", script(await fullBundle("site")));
  files.set("gemmapod-runtime.iife.js", script(await runtimeBundle()));
  // Loaded here, and never by who only reads what was built.
  const { withBundler } = await import("./build/bundler.ts");
  const entries = pages.map((page) => `web/playground/${page}.ts`);
  await withBundler(entries, async ({ bundle }) => {
    await Promise.all(pages.map(async (page) => {
      const { code } = await bundle({
        entry: `web/playground/${page}.ts`,
        format: "esm",
        define: { "process.env.NODE_ENV": "production" },
        banner: "",
      });
      files.set(`${page}.js`, script(code));
    }));
  });
  return files;
}

/** The bar with the names of all pages. */
function bar(current: PlaygroundPage): string {
  const links = Object.entries(PLAYGROUND_PAGES).map(([page, name]) => {
    const here = page === current ? ` aria-current="page"` : "";
    return `<a href="${page === "index" ? "./" : `${page}.html`}"${here}>${name}</a>`;
  });
  return `<header><nav class="bar" aria-label="Playground"><strong>GemmaPod playground</strong>${
    links.join("")
  }</nav></header>`;
}
