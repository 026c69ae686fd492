import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import * as z from "zod";
import { writeFileAtomic } from "../base/native.ts";
import { MAX_PAGE_BYTES, readPackedPage } from "../pod/mod.ts";

/** Where a pod folder remembers the place of its page, when that is not its own `dist`. */
const MEMORY = join(".gemmapod", "page.json");

const remembered = z.object({ out: z.string().min(1) });

/** Where the page of a pod goes when nobody says where. */
export function defaultOut(dir: string, podId: string): string {
  return join(dir, "dist", `${podId}.html`);
}

/**
 * Remembers where a page was written, for `rebuild` and `deploy`. The memory is relative to the
 * folder, so that both may move together. A folder that nothing can be written to remembers nothing.
 */
export async function rememberOut(dir: string, podId: string, out: string): Promise<void> {
  const path = join(dir, MEMORY);
  if (resolve(out) === resolve(defaultOut(dir, podId))) {
    await Deno.remove(path).catch(() => {}); // most folders have none
    return;
  }
  const text = `${JSON.stringify({ out: relative(resolve(dir), resolve(out)) })}\n`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, text, { mode: 0o644 });
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
}

/** Where the page of a folder was written last; undefined where it never was, or is gone. */
export async function lastOut(dir: string, podId: string): Promise<string | undefined> {
  for (const out of [await rememberedOut(dir), defaultOut(dir, podId)]) {
    if (out !== undefined && await isPage(out)) return out;
  }
  return undefined;
}

async function rememberedOut(dir: string): Promise<string | undefined> {
  try {
    const text = await Deno.readTextFile(join(dir, MEMORY));
    const { out } = remembered.parse(JSON.parse(text));
    return isAbsolute(out) ? out : join(dir, out); // absolute on another drive of Windows
  } catch {
    return undefined; // not there, or not ours: it is only a convenience
  }
}

/**
 * Whether a packed page is there. A folder that came from somebody else may remember any place, and
 * nothing but a page is written over.
 */
async function isPage(path: string): Promise<boolean> {
  try {
    if ((await Deno.stat(path)).size > MAX_PAGE_BYTES) return false;
    readPackedPage(await Deno.readFile(path));
    return true;
  } catch {
    return false;
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotCapable ||
    (error instanceof Error && "code" in error && error.code === "EROFS");
}
