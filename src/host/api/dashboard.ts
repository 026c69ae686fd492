import { extname, join, sep } from "node:path";
import { CodedError } from "../../base/mod.ts";

/** What is at `/`. */
export type DashboardSource =
  /** `--headless`. */
  | { readonly kind: "none" }
  /** Our own page, which names in a `<meta>` what it may load. */
  | { readonly kind: "page"; html(): Promise<string> }
  /** `--ui-dir`: an owner's own. */
  | { readonly kind: "folder"; readonly dir: string };

/** Nobody may put the page into a frame and have it clicked. */
const FRAME_POLICY = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** A page of the owner's own talks to this Host and to nobody else. */
const FOLDER_POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; " +
  "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
  `object-src 'none'; ${FRAME_POLICY}`;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".txt": "text/plain; charset=utf-8",
};

/**
 * Whether there is a page to be served.
 *
 * Rejects with {@linkcode CodedError} `bad_setting` for a folder without one.
 */
export async function checkDashboard(source: DashboardSource): Promise<void> {
  if (source.kind !== "folder" || await fileOf(source.dir, "/") !== undefined) return;
  throw new CodedError("bad_setting", `Cannot serve the dashboard of ${source.dir}: no index.html`);
}

/** The dashboard's answer to a path; undefined where it has none. */
export async function serveDashboard(
  source: DashboardSource,
  path: string,
): Promise<Response | undefined> {
  switch (source.kind) {
    case "none":
      return undefined;
    case "page":
      if (path !== "/" && path !== "/index.html") return undefined;
      return page(await source.html(), "text/html; charset=utf-8", FRAME_POLICY);
    case "folder":
      return await fileOf(source.dir, path);
  }
}

function page(body: BodyInit, type: string, policy: string): Response {
  return new Response(body, {
    headers: { "Content-Type": type, "Content-Security-Policy": policy },
  });
}

/** A file of the folder: no dotfile, nothing outside, whatever the path or a link says. */
async function fileOf(dir: string, path: string): Promise<Response | undefined> {
  const names = namesOf(path);
  const type = names === undefined ? undefined : TYPES[extname(names.at(-1) ?? "").toLowerCase()];
  if (names === undefined || type === undefined) return undefined;
  try {
    const [root, file] = await Promise.all([
      Deno.realPath(dir),
      Deno.realPath(join(dir, ...names)),
    ]);
    if (!file.startsWith(`${root}${sep}`) || !(await Deno.lstat(file)).isFile) return undefined;
    return page(await Deno.readFile(file), type, FOLDER_POLICY);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
}

/** A path's names; undefined where one of them could lead elsewhere. */
function namesOf(path: string): string[] | undefined {
  const names = path.split("/").slice(1).map(decoded);
  if (names.at(-1) === "") names.splice(-1, 1, "index.html");
  const known = names.flatMap((name) => name === undefined ? [] : [name]);
  const fine = known.length === names.length &&
    // deno-lint-ignore no-control-regex -- a NUL ends a path for the system
    known.every((name) => /^[^./\\:\u0000][^/\\:\u0000]*$/.test(name));
  return fine ? known : undefined;
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}
