import { join } from "node:path";
import { errorMessage } from "../../base/mod.ts";
import { readModule } from "./module_source.ts";

/** The tools of a pod's owner, as its folder has them. */
export interface OwnerTools {
  /** The default export, unchecked; empty where there is no file, or a broken one. */
  readonly tools: Readonly<Record<string, unknown>>;
  /** Sentences for the owner. */
  readonly problems: readonly string[];
}

/** The files that are looked for, in order; the first that is there counts. */
const FILES = ["tools.ts", "tools.js"] as const;

/** How long such a file may take to load, in milliseconds: it may await something at its top. */
const LOAD_WITHIN_MS = 10_000;

/**
 * Loads an owner's own tools out of a pod's folder: the default export of `tools.ts`, else of
 * `tools.js`, an object of AI SDK `tool()`s by name. Never rejects: what is wrong with the file is
 * among the problems, with its line, and the pod is served without it.
 *
 * An edited file is loaded anew by the next call.
 */
export async function loadOwnerTools(podDir: string): Promise<OwnerTools> {
  const there: string[] = [];
  for (const name of FILES) if (await isFile(join(podDir, name))) there.push(join(podDir, name));
  const [path, ...others] = there;
  if (path === undefined) return { tools: {}, problems: [] };
  const problems = others.map((other) => `${other} is not read: ${path} is`);
  try {
    // What `ai` and `zod` are to the file. Named here, or a compiled program would not have them.
    await Promise.all([import("ai"), import("zod")]);
    const tools = await load(path);
    return { tools, problems };
  } catch (error) {
    return { tools: {}, problems: [...problems, errorMessage(error)] };
  }
}

async function load(path: string): Promise<Record<string, unknown>> {
  const { url, named } = await readModule(path);
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`it did not load within ${LOAD_WITHIN_MS / 1_000} s`)),
    LOAD_WITHIN_MS,
  );
  let module: unknown;
  try {
    module = await Promise.race([import(url), late.promise]);
  } catch (error) {
    const [what = ""] = named(plain(errorMessage(error))).split("\n");
    const where = lineOf(named(plain(stackOf(error))), path);
    const why = what.replace(/ at \S+$/, "").replace(/^SyntaxError: /, "");
    throw new Error(`Cannot load ${where}: ${why}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
  const tools = typeof module === "object" && module !== null && "default" in module
    ? module.default
    : undefined;
  if (typeof tools === "object" && tools !== null && !Array.isArray(tools)) return { ...tools };
  throw new Error(`Cannot load ${path}: its default export is no object of tools by name`);
}

/** The file, and the line where one is said. */
function lineOf(stack: string, path: string): string {
  const at = stack.indexOf(`${path}:`);
  const line = at === -1 ? undefined : /^\d+/.exec(stack.slice(at + path.length + 1))?.[0];
  return line === undefined ? path : `${path}:${line}`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : "";
}

/** Without the colours that Deno puts into some messages. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- the escape that begins a colour is a control character
  return text.replaceAll(/\u001b\[[0-9;]*m/g, "");
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false; // not there, or not to be read: either way there are no tools in it
  }
}
