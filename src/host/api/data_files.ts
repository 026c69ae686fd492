import { join } from "node:path";
import { writeFileAtomic } from "../../base/native.ts";
import { HttpError } from "./http_error.ts";
import { MAX_BODY_BYTES } from "./read_json.ts";

/**
 * The names that data files may have: of the pod's folder itself, `*.json`, no dotfile. Nothing that
 * a path could be made of, and so never `owner.key` (host.md, "Loopback HTTP API").
 */
export const DATA_FILE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9 ._-]{0,99}\.json$/;

/** How many data files of a folder are listed. */
const MAX_LISTED = 1_000;

/** What a new file may be: the owner's alone. */
const NEW_MODE = 0o600;

/** A data file, for lists. */
export interface DataFile {
  readonly name: string;
  readonly bytes: number;
  /** Unix milliseconds. */
  readonly modifiedAt: number;
}

/** The data files of a pod's folder, by name. Rejects with {@linkcode HttpError} 404. */
export async function listDataFiles(dir: string): Promise<DataFile[]> {
  const files: DataFile[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(dir)) {
      if (!isFile || !DATA_FILE_NAME.test(name) || files.length >= MAX_LISTED) continue;
      const info = await plainFile(join(dir, name));
      if (info === undefined) continue;
      files.push({ name, bytes: info.size, modifiedAt: Math.round(info.mtime?.getTime() ?? 0) });
    }
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new HttpError(404, "The pod's folder is not there any more", { cause });
  }
  return files.sort((a, b) => a.name < b.name ? -1 : 1);
}

/**
 * The text of a data file, which is the JSON of an object. Rejects with {@linkcode HttpError}: 404 where there is no such file, or
 * it is no plain one (a link may lead anywhere), 409 where it holds no JSON object.
 */
export async function readDataFile(dir: string, name: string): Promise<string> {
  const path = join(dir, name);
  const info = await plainFile(path);
  if (info === undefined) throw new HttpError(404, `The pod's folder has no data file ${name}`);
  if (info.size > MAX_BODY_BYTES) throw new HttpError(409, `${name} is too large to be read here`);
  const text = await Deno.readTextFile(path);
  if (!isJsonObject(text)) throw new HttpError(409, `${name} holds no JSON object`);
  return text;
}

/**
 * Writes a data file, whole or not at all. Rejects with {@linkcode HttpError} 404 where the folder
 * is gone, 409 where something else than a plain file has the name.
 *
 * @param text the JSON of an object, as it was sent: numbers keep their digits
 * @returns whether the file is new
 */
export async function writeDataFile(
  dir: string,
  name: string,
  text: string,
): Promise<"new" | "replaced"> {
  const path = join(dir, name);
  const there = await lstat(path);
  if (there !== undefined && !there.isFile) {
    throw new HttpError(409, `${name} is no plain file: it is left as it is`);
  }
  const mode = there?.mode === undefined || there.mode === null ? NEW_MODE : there.mode & 0o777;
  try {
    await writeFileAtomic(path, `${text.trim()}\n`, { mode });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new HttpError(404, "The pod's folder is not there any more", { cause });
  }
  return there === undefined ? "new" : "replaced";
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

async function plainFile(path: string): Promise<Deno.FileInfo | undefined> {
  const info = await lstat(path);
  return info?.isFile ? info : undefined;
}

/** Of the thing itself: a link is not followed. */
async function lstat(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
