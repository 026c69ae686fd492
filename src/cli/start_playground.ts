import { join } from "node:path";
import { buildPlayground, type PlaygroundFile } from "../assets/native.ts";
import { CodedError } from "../base/mod.ts";
import {
  type PodConfig,
  podConfigFromManifest,
  readPackedPage,
  verifyManifest,
} from "../pod/mod.ts";
import { DEMO_POD, ORDER_POD } from "./demo_pod.ts";
import type { FoundProvider } from "./demo_provider.ts";
import { type Demo, startDemo } from "./start_demo.ts";

/** Where people expect a page that is being worked on; where it is taken, any free port does. */
const USUAL_PORT = 5173;

/** The playground, served; disposing of it leaves nothing behind. */
export interface Playground extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/`. */
  readonly url: string;
  readonly demo: Demo;
}

/** Options of {@linkcode startPlayground}. */
export interface PlaygroundOptions {
  /**
   * 0 takes a free one.
   * @default 5173, where it is free
   */
  readonly port?: number;
}

/**
 * What a page of the playground may do: run its own scripts, and talk to this machine. Nothing of
 * the widget needs more.
 */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
  "connect-src 'self' ws:; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * Starts the whole chain on loopback with the pods of the playground, and serves its pages. Rejects
 * with `CodedError` `port_taken`, `no_assets`, and as the parts do.
 */
export async function startPlayground(
  provider: FoundProvider,
  { port }: PlaygroundOptions = {},
): Promise<Playground> {
  await using open = new AsyncDisposableStack();
  const files = await buildPlayground();
  const demo = open.use(await startDemo(provider, [DEMO_POD, ORDER_POD]));
  const configs: Record<string, PodConfig> = {};
  for (const { podId, file } of demo.pages) {
    const html = await Deno.readTextFile(file);
    files.set(join("pods", `${podId}.html`), { type: "text/html", body: html });
    const { signedManifest, manifestB64 } = readPackedPage(html);
    configs[podId] = podConfigFromManifest(await verifyManifest(signedManifest), manifestB64);
  }
  files.set("pods.json", { type: "application/json", body: JSON.stringify(configs) });
  const server = open.use(listen(port, playgroundHandler(files)));
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const owned = open.move();
  return { url, demo, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/**
 * Answers with the files of the playground, and on `/changes` with an event that says which start
 * of the server this is: a page that hears of another one loads itself again.
 */
export function playgroundHandler(
  files: ReadonlyMap<string, PlaygroundFile>,
  start: string = crypto.randomUUID(),
): (request: Request) => Response {
  return ({ url }) => {
    const path = new URL(url).pathname.slice(1) || "index.html";
    if (path === "changes") return startEvent(start);
    const file = files.get(path);
    if (file === undefined) return new Response("There is no such page here.\n", { status: 404 });
    return new Response(file.body, {
      headers: {
        "content-type": `${file.type}; charset=utf-8`,
        "content-security-policy": POLICY,
        "cache-control": "no-store",
      },
    });
  };
}

/** One event, and then an open stream, which ends with the server. */
function startEvent(start: string): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`retry: 300\ndata: ${start}\n\n`));
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

function listen(
  port: number | undefined,
  handler: (request: Request) => Response,
): AsyncDisposable & { addr: Deno.NetAddr } {
  const gone = new AbortController();
  const serve = (on: number) =>
    Deno.serve({
      hostname: "127.0.0.1",
      port: on,
      onListen: () => {},
      signal: gone.signal,
    }, handler);
  const started = () => {
    try {
      return serve(port ?? USUAL_PORT);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      if (port === undefined) return serve(0);
      throw new CodedError("port_taken", `Cannot listen on port ${port}: it is taken`, {
        cause: error,
      });
    }
  };
  const server = started();
  return {
    addr: server.addr,
    // Not `shutdown`, which would wait for pages that listen for changes.
    [Symbol.asyncDispose]: async () => {
      gone.abort();
      await server.finished;
    },
  };
}
