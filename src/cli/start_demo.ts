import { join } from "node:path";
import { CodedError, createLogger } from "../base/mod.ts";
import { Host } from "../host/mod.ts";
import { buildPod, keygen } from "../pack/mod.ts";
import { type Broker, startBroker } from "../signal/mod.ts";
import { DEMO_POD, type DemoPod } from "./demo_pod.ts";
import type { FoundProvider } from "./demo_provider.ts";

/** Where people expect a broker on their machine; where it is taken, any free port does. */
const USUAL_PORT = 8080;

/** The packed page of one pod of a demo. */
export interface DemoPage {
  readonly podId: string;
  /** As the broker serves it. */
  readonly url: string;
  /** The same page as a file; it works from there, too. */
  readonly file: string;
}

/** A demo that runs; disposing of it leaves nothing behind. */
export interface Demo extends AsyncDisposable {
  /** Of each pod, in the order in which they were given. */
  readonly pages: readonly DemoPage[];
  /** What the owner sees. */
  readonly dashboardUrl: string;
}

/**
 * Does on loopback what an owner does: starts a broker, writes and packs pods, uploads their pages,
 * serves them. Everything lives in a temporary folder; settles when the Host has registered.
 *
 * @param pods one at least
 */
export async function startDemo(
  provider: FoundProvider,
  pods: readonly DemoPod[] = [DEMO_POD],
): Promise<Demo> {
  await using open = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-demo-" });
  open.defer(() => Deno.remove(folder, { recursive: true }));
  const broker = open.use(await brokerOnLoopback());

  const model = provider.kind === "endpoint" ? provider.model : "demo";
  const pages = await Promise.all(pods.map(async ({ id, toml }): Promise<DemoPage> => {
    const dir = join(folder, id);
    await Deno.mkdir(dir);
    await Deno.writeTextFile(join(dir, "pod.toml"), toml(`${broker.url}/signal`, model));
    await keygen(dir);
    const file = join(folder, `${id}.html`);
    await buildPod({ dir, out: file });
    return { podId: id, file, url: await upload(broker.url, file) };
  }));

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
  for (const { podId } of pages) {
    await host.addPodFromDir(join(folder, podId));
    await host.registry.get(podId)?.registered;
  }

  const dashboardUrl = `http://localhost:${host.port()}`;
  const owned = open.move();
  return { pages, dashboardUrl, [Symbol.asyncDispose]: () => owned.disposeAsync() };
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
