import { join } from "node:path";
import { CodedError, createLogger } from "../base/mod.ts";
import { Host } from "../host/mod.ts";
import { buildPod, keygen } from "../pack/mod.ts";
import { type Broker, startBroker } from "../signal/mod.ts";
import { DEMO_POD_ID, demoPodToml } from "./demo_pod.ts";
import type { FoundProvider } from "./demo_provider.ts";

/** Where people expect a broker on their machine; where it is taken, any free port does. */
const USUAL_PORT = 8080;

/** A demo that runs; disposing of it leaves nothing behind. */
export interface Demo extends AsyncDisposable {
  /** The example pod as the broker serves it. */
  readonly pageUrl: string;
  /** The same page as a file; it works from there, too. */
  readonly pageFile: string;
  /** What the owner sees. */
  readonly dashboardUrl: string;
}

/**
 * Does on loopback what an owner does: starts a broker, writes and packs a pod, uploads the page,
 * serves the pod. Everything lives in a temporary folder; settles when the Host has registered.
 */
export async function startDemo(provider: FoundProvider): Promise<Demo> {
  await using open = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-demo-" });
  open.defer(() => Deno.remove(folder, { recursive: true }));
  const broker = open.use(await brokerOnLoopback());

  const dir = join(folder, "demo-pod");
  await Deno.mkdir(dir);
  const model = provider.kind === "endpoint" ? provider.model : "demo";
  await Deno.writeTextFile(join(dir, "pod.toml"), demoPodToml(`${broker.url}/signal`, model));
  await keygen(dir);
  const pageFile = join(folder, "demo-pod.html");
  await buildPod({ dir, out: pageFile });
  const pageUrl = await upload(broker.url, pageFile);

  const host = open.use(
    new Host({
      home: join(folder, "home"),
      port: 0,
      ollamaUrl: provider.url,
      provider: provider.kind,
      signals: "left",
      logger: createLogger({ name: "host" }),
    }),
  );
  await host.start();
  await host.addPodFromDir(dir);
  await host.registry.get(DEMO_POD_ID)?.registered;

  const dashboardUrl = `http://localhost:${host.port()}`;
  const owned = open.move();
  return { pageUrl, pageFile, dashboardUrl, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function brokerOnLoopback(): Promise<Broker> {
  const log = createLogger({ name: "signal" });
  try {
    return await startBroker({ port: USUAL_PORT, log });
  } catch (error) {
    if (!(error instanceof CodedError && error.code === "port_taken")) throw error;
    return await startBroker({ port: 0, log });
  }
}

async function upload(brokerUrl: string, pageFile: string): Promise<string> {
  const answer = await fetch(`${brokerUrl}/pods`, {
    method: "POST",
    headers: { "content-type": "text/html; charset=utf-8" },
    body: await Deno.readFile(pageFile),
  });
  if (answer.status !== 201) throw new Error(`The broker refused the page: ${answer.status}`);
  const { id } = await answer.json();
  return `${brokerUrl}/${id}`;
}
