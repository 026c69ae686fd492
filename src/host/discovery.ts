import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { CodedError } from "../base/mod.ts";
import type { HostConfig } from "./host_config.ts";
import { hostPaths } from "./host_paths.ts";

const discovered = z.object({
  pid: z.int(),
  port: z.int().min(1).max(65_535),
  token: z.string().min(1),
  version: z.string(),
  startedAt: z.string(),
});

/** What `host.json` says of the running Host (host.md, "Files"). */
export type Discovered = z.infer<typeof discovered>;

/**
 * How long a Host may take to answer that it is there, in milliseconds. It loads its API when it is
 * first asked, which takes seconds on a busy machine; and it waits up to 5 s, and everything in it,
 * for a database that another process has locked. Where nobody listens, that is known at once.
 */
const ANSWER_WITHIN_MS = 7_000;

/** How many others may be quicker to take a stale file over before we give up. */
const ATTEMPTS = 5;

/** The Host that a discovery file names; undefined where there is none, or none that can be read. */
async function readDiscovery(path: string): Promise<Discovered | undefined> {
  const text = await textOf(path);
  return text === undefined ? undefined : parse(text);
}

/** The running Host of this machine's owner; undefined where none is. */
export async function findHost(config: HostConfig = {}): Promise<Discovered | undefined> {
  const found = await readDiscovery(hostPaths(config).discoveryPath);
  return found !== undefined && await isReachable(found) ? found : undefined;
}

/** Whether that Host is there: it answers to its token, under its process id. */
async function isReachable({ port, token, pid }: Discovered): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/host`, {
      headers: { "X-Gemmapod-Token": token },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const body = z.object({ pid: z.int() }).safeParse(await response.json());
    return response.ok && body.data?.pid === pid;
  } catch {
    return false; // refused, silent, or something that is no Host
  }
}

/**
 * Writes the discovery file, if no running Host has one: created exclusively, with its content, of
 * mode 0600; a file whose Host is not reachable is taken over. Disposing of the result removes it.
 *
 * Rejects with {@linkcode CodedError} `host_running`.
 */
export async function claimDiscovery(
  path: string,
  mine: Discovered,
): Promise<AsyncDisposable> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const text = `${JSON.stringify(mine, null, 2)}\n`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await createWhole(path, text)) {
      return { [Symbol.asyncDispose]: () => removeIfStill(path, text) };
    }
    const found = await textOf(path);
    if (found === undefined) continue; // its Host has just stopped
    const other = parse(found);
    if (other !== undefined && await isReachable(other)) {
      throw new CodedError(
        "host_running",
        `A Host is running already: process ${other.pid}, http://localhost:${other.port}`,
      );
    }
    await removeIfStill(path, found);
  }
  throw new CodedError("host_running", `Cannot take ${path}: other Hosts are starting just now`);
}

/** Makes a file with its content in one step, or not at all where it is there already. */
async function createWhole(path: string, text: string): Promise<boolean> {
  const temporary = `${path}.${crypto.randomUUID()}`;
  await Deno.writeTextFile(temporary, text, { mode: 0o600, createNew: true });
  try {
    await Deno.link(temporary, path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  } finally {
    await Deno.remove(temporary);
  }
}

/**
 * Removes a file if its content is what we think it is. It is moved away first, so that of two
 * processes that do this only one can have it; what turns out to be another's is put back.
 */
async function removeIfStill(path: string, text: string): Promise<void> {
  const aside = `${path}.${crypto.randomUUID()}`;
  try {
    await Deno.rename(path, aside);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  try {
    if (await textOf(aside) !== text) await Deno.link(aside, path);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  } finally {
    await Deno.remove(aside);
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function parse(text: string): Discovered | undefined {
  try {
    return discovered.parse(JSON.parse(text));
  } catch {
    return undefined; // nobody's
  }
}
