import { join } from "node:path";
import { createLogger } from "../../src/base/mod.ts";
import { Host, type HostConfig } from "../../src/host/mod.ts";
import { type Broker, startBroker } from "../../src/signal/mod.ts";
import { NativeVisitor, type VisitOptions } from "./native_visitor.ts";

/** What the pods of these tests are told to be. */
export const PROMPT = "You are the test pod.";

/** A pod's `pod.toml`. */
export function podToml(signalUrl: string, podId: string, more = ""): string {
  return `name = "Test pod"
persona = "A pod for tests"
system_prompt = "${PROMPT}"
model = "test-model"
${more}
[transport.dartc]
signal_url = "${signalUrl}"
pod_id = "${podId}"
`;
}

/** A broker and a Host in this process, their folder gone afterwards. */
export interface HostSetup extends AsyncDisposable {
  readonly broker: Broker;
  readonly host: Host;
  readonly folder: string;
  readonly signalUrl: string;
  /** The Host's log lines. */
  readonly lines: readonly string[];
  /** Writes a pod folder and returns it. */
  writePod(podId: string, more?: string): Promise<string>;
  /** Writes a pod, serves it, and settles when it is registered. */
  serve(podId: string, more?: string): Promise<string>;
  visit(podId: string, options?: Partial<VisitOptions>): Promise<NativeVisitor>;
}

/** Starts a broker and a Host whose model is at `modelUrl`. */
export async function startHostSetup(
  modelUrl: string,
  config: HostConfig = {},
): Promise<HostSetup> {
  await using open = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-host-" });
  open.defer(() => Deno.remove(folder, { recursive: true }));
  const quiet = createLogger({ name: "signal", write: () => {} });
  const broker = open.use(await startBroker({ port: 0, limits: "off", log: quiet }));
  const lines: string[] = [];
  const host = open.use(
    new Host({
      ollamaUrl: modelUrl,
      home: join(folder, "home"),
      port: 0,
      headless: true,
      logger: createLogger({ name: "host", write: (line) => lines.push(line) }),
      ...config,
    }),
  );
  await host.start();
  const signalUrl = `${broker.url}/signal`;

  async function writePod(podId: string, more?: string): Promise<string> {
    const dir = join(folder, podId);
    await Deno.mkdir(dir, { recursive: true });
    await Deno.writeTextFile(join(dir, "pod.toml"), podToml(signalUrl, podId, more));
    return dir;
  }
  const owned = open.move();
  return {
    broker,
    host,
    folder,
    signalUrl,
    lines,
    writePod,
    serve: async (podId, more) => {
      const id = await host.addPodFromDir(await writePod(podId, more));
      await host.registry.get(id)?.registered;
      return id;
    },
    visit: (podId, options) => NativeVisitor.visit({ signalUrl, podId, ...options }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
