import assert from "node:assert/strict";
import { FROM_SOURCE } from "./chain.ts";
import { type Running, start } from "./processes.ts";
import { tempFolder } from "./temp_folder.ts";

const vectors: { cases: { ok: boolean; signed_b64: string }[] } = JSON.parse(
  await Deno.readTextFile(new URL("../vectors/manifest.json", import.meta.url)),
);

/** A `gemmapod-signal` of a test's own. */
export interface SignalProcess extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly running: Running;
}

/** Starts `gemmapod-signal`, and waits until it listens. */
export async function startSignal(
  args: readonly string[] = [],
  through: readonly string[] = [],
): Promise<SignalProcess> {
  await using open = new AsyncDisposableStack();
  const folder = open.use(await tempFolder("signal")); // what it leaves when it is killed
  const running = open.use(signalProgram(args, through, { TMPDIR: folder.path }));
  const [, url] = await running.line(/listening on (http:\/\/127\.0\.0\.1:\d+)/);
  assert(url !== undefined);
  const port = Number(new URL(url).port);
  const owned = open.move();
  const dispose = () => owned.disposeAsync();
  return { url, port, pid: running.pid, running, [Symbol.asyncDispose]: dispose };
}

/** The same, also where it is not to be expected that it will. */
export function signalProgram(
  args: readonly string[],
  through: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Running {
  const argv = [...through, ...FROM_SOURCE.signal, "--port", "0", "--limits", "off", ...args];
  return start(argv, { env: { ...Deno.env.toObject(), ...more } });
}

/** A page that a broker takes, of just so many bytes, and different for each `name`. */
export function signedPage(name: string, bytes = 4096): Uint8Array<ArrayBuffer> {
  const manifest = vectors.cases.find(({ ok }) => ok)?.signed_b64 ?? "";
  const head = new TextEncoder().encode(`<!doctype html><meta charset="utf-8"><title>${name}</title>
<script>window.__GEMMAPOD_MANIFEST_B64 = "${manifest}";</script>
<p>`);
  const page = new Uint8Array(bytes).fill(0x2e);
  page.set(head);
  return page;
}

/** What a broker says to an upload. */
export async function upload(
  signal: { url: string },
  body: Uint8Array<ArrayBuffer> | string,
  type = "text/html",
): Promise<{ status: number; json: Record<string, unknown> }> {
  const headers = { "content-type": type };
  const answer = await fetch(`${signal.url}/pods`, { method: "POST", headers, body });
  return { status: answer.status, json: await answer.json() };
}

/** The page that a broker serves under an id. */
export async function download(
  signal: { url: string },
  id: string,
): Promise<{ status: number; bytes: Uint8Array<ArrayBuffer> }> {
  const answer = await fetch(`${signal.url}/${id}`, { headers: { "accept-encoding": "identity" } });
  return { status: answer.status, bytes: await answer.bytes() };
}
