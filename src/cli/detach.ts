import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { CodedError } from "../base/mod.ts";
import { type HostClient, runningHost } from "./host_client.ts";
import { hostLogPath, MAX_LOG_BYTES } from "./host_log.ts";

/** How long a Host may take until it is ready, in milliseconds; more than `--once` waits. */
const READY_WITHIN_MS = 30_000;

/** How often it is looked at, in milliseconds. */
const LOOK_MS = 25;

/** A Host to start in the background. */
export interface Detachment {
  /** Of `gemmapod`. */
  readonly args: readonly string[];
  /** What its environment has beside ours: what nobody may read among its arguments. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it does by now what it was started for. @default it answers */
  isReady?(host: HostClient): Promise<boolean>;
}

/**
 * Starts `gemmapod` once more, in a session of its own, so that it goes on when this process and its
 * terminal are gone; its output goes to the log. Settles when the Host there is ready.
 *
 * Rejects with {@linkcode CodedError} `not_started` and what it said last.
 */
export async function detach({ args, env = {}, isReady }: Detachment): Promise<HostClient> {
  const path = hostLogPath();
  const from = await openedLog(path);
  const child = start(args, env, path);
  const ended = Promise.withResolvers<number | null>();
  child.once("exit", (code) => ended.resolve(code));
  child.once("error", (error) => ended.reject(error));
  let alive = true;
  ended.promise.then(() => alive = false, () => alive = false);
  const deadline = Date.now() + READY_WITHIN_MS;
  while (alive && Date.now() < deadline) {
    const host = await runningHost();
    const isOurs = host !== undefined && host.pid === child.pid;
    if (isOurs && (isReady === undefined || await answersYes(isReady(host)))) {
      child.unref();
      return host;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  if (alive) child.kill("SIGKILL");
  await ended.promise;
  const said = await lastWords(path, from);
  throw new CodedError(
    "not_started",
    alive
      ? `The Host was not ready within ${READY_WITHIN_MS / 1_000} s; its log is ${path}`
      : `The Host did not start: ${said || "it said nothing"}`,
  );
}

/**
 * A Host that refuses or is gone is not ready; one that ends because it did not start is asked until
 * it has ended, and then its log says why.
 */
async function answersYes(asked: Promise<boolean>): Promise<boolean> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CodedError) return false;
    throw error;
  }
}

/** The program that we are: a compiled one, or `deno run` with the same entry. */
function start(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  log: string,
): ChildProcess {
  const entry = fileURLToPath(new URL("./main.ts", import.meta.url));
  const self = Deno.build.standalone ? [] : ["run", "-A", "--quiet", "--no-prompt", entry];
  const output = openSync(log, "a", 0o600);
  try {
    return spawn(executable(), [...self, ...args], {
      detached: true, // a session of its own: the terminal's hang-up does not reach it
      stdio: ["ignore", output, output],
      env: { ...Deno.env.toObject(), ...env },
    });
  } finally {
    closeSync(output); // the child has its own
  }
}

/**
 * Our own program, by a path that is not written as `Deno.execPath()` writes it: for that one Deno's
 * `spawn` translates the arguments as if they were Node's, and a compiled program would be given
 * `run -A` of its own.
 */
function executable(): string {
  const path = Deno.execPath();
  return `${dirname(path)}/./${basename(path)}`;
}

/** Makes the log, for its owner alone; returns where this run's part begins. */
async function openedLog(path: string): Promise<number> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const size = await sizeOf(path);
  if (size <= MAX_LOG_BYTES) return size;
  await Deno.rename(path, `${path}.old`);
  return 0;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** Why it ended, in its own words: its error where there is one, else its last line. */
async function lastWords(path: string, from: number): Promise<string> {
  const said = new TextDecoder().decode((await Deno.readFile(path)).subarray(from)).trimEnd();
  const error = said.lastIndexOf("error: ");
  return error === -1 ? said.slice(said.lastIndexOf("\n") + 1) : said.slice(error + 7);
}
