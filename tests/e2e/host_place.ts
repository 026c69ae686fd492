import { join } from "node:path";
import { z } from "zod";
import { createLogger } from "../../src/base/mod.ts";
import { TOKEN_HEADER } from "../../src/host/mod.ts";
import { startBroker } from "../../src/signal/mod.ts";
import { FROM_SOURCE } from "./chain.ts";
import { podToml } from "./host_setup.ts";
import { NativeVisitor, type VisitOptions } from "./native_visitor.ts";
import { type Running, start } from "./processes.ts";

export { eventually } from "./eventually.ts";

/** Where Hosts run as owners run them, each in a process of its own, with a broker in this one. */
export interface HostPlace extends AsyncDisposable {
  readonly folder: string;
  /** `GEMMAPOD_HOME` of the Hosts. */
  readonly home: string;
  readonly signalUrl: string;
  /** Writes a pod folder and returns it. */
  writePod(podId: string, more?: string): Promise<string>;
  /** `gemmapod run` of a pod, settled when it is registered; ended with the place at the latest. */
  run(podId: string, ...args: string[]): Promise<Running>;
  visit(podId: string, options?: Partial<VisitOptions>): Promise<NativeVisitor>;
  /** How many visitors the running Host has. */
  peers(): Promise<number>;
  /** Calls the API of the running Host. */
  api(path: string, init?: RequestInit): Promise<Response>;
}

/** Options of {@linkcode hostPlace}. */
export interface HostPlaceOptions {
  /** Added to the environment of the Hosts. */
  env?: Record<string, string>;
  /** @default a folder of the place */
  home?: string;
  /** What a Host is started through, in front of its own command. */
  through?: readonly string[];
}

const found = z.object({ port: z.number(), token: z.string() });
const listed = z.object({ pods: z.array(z.object({ peers: z.number() })) });

/** A folder and a broker for Hosts to be started with; both are gone afterwards. */
export async function hostPlace(options: HostPlaceOptions = {}): Promise<HostPlace> {
  await using open = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-place-" });
  open.defer(() => Deno.remove(folder, { recursive: true }));
  const quiet = createLogger({ name: "signal", write: () => {} });
  const broker = open.use(await startBroker({ port: 0, limits: "off", log: quiet }));
  const signalUrl = `${broker.url}/signal`;
  const { home = join(folder, "home"), through = [] } = options;
  const env = { ...Deno.env.toObject(), NO_COLOR: "1", ...options.env, GEMMAPOD_HOME: home };
  const hosts = open.use(new AsyncDisposableStack());

  async function writePod(podId: string, more?: string): Promise<string> {
    const dir = join(folder, podId);
    await Deno.mkdir(dir, { recursive: true });
    await Deno.writeTextFile(join(dir, "pod.toml"), podToml(signalUrl, podId, more));
    return dir;
  }

  async function api(path: string, init: RequestInit = {}): Promise<Response> {
    const { port, token } = found.parse(
      JSON.parse(await Deno.readTextFile(join(home, "host.json"))),
    );
    return await fetch(`http://127.0.0.1:${port}${path}`, {
      ...init,
      headers: { [TOKEN_HEADER]: token, "content-type": "application/json" },
    });
  }

  const owned = open.move();
  return {
    folder,
    home,
    signalUrl,
    writePod,
    run: async (podId, ...args) => {
      const dir = join(folder, podId);
      const argv = [...through, ...FROM_SOURCE.gemmapod, "run", dir, "--port", "0", ...args];
      const host = hosts.use(start(argv, { cwd: folder, env }));
      await host.line(new RegExp(`registered for pod ${podId}$`));
      return host;
    },
    visit: (podId, visitor) => NativeVisitor.visit({ signalUrl, podId, ...visitor }),
    api,
    peers: async () => {
      const { pods } = listed.parse(await (await api("/api/v1/pods")).json());
      return pods.reduce((sum, { peers }) => sum + peers, 0);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
