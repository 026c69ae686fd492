import { join } from "node:path";
import * as z from "zod";
import { findNatsServer } from "../runner/nats_server.ts";
import { eventually } from "./eventually.ts";
import { type Running, start } from "./processes.ts";

// The client of NATS takes its listeners off a connection and then destroys it; where a node has just
// reset it, what is on its way then has nobody (@nats-io/transport-node 3.4.0). The program survives
// that (`survive_defects.ts`), and so must the brokers that run in a test's own process.
addEventListener("error", (event) => {
  const { error }: { error: unknown } = event;
  const isReset = error instanceof Error && "code" in error && error.code === "ECONNRESET";
  if (isReset && error.message === "read ECONNRESET") event.preventDefault();
});

/** One nats-server of a cluster. */
export interface NatsNode {
  readonly name: string;
  /** `nats://127.0.0.1:<port>`, the same after every start. */
  readonly url: string;
  /** Ends it without a word. */
  kill(): Promise<void>;
  /** Starts it again, with what it had on its disk. */
  start(): Promise<void>;
}

/** Real nats-servers with JetStream, in folders of their own; gone when disposed of. */
export interface NatsCluster extends AsyncDisposable {
  readonly nodes: readonly NatsNode[];
  /** All of them, as `--bus` takes it. */
  readonly url: string;
  /** Waits until JetStream has a leader, and as many nodes as run. */
  ready(): Promise<void>;
}

/**
 * How long nodes may take to elect their leaders, in milliseconds: one round takes four to nine
 * seconds, and where the machine is busy it takes several.
 */
export const ELECTED_WITHIN_MS = 60_000;

const jsz = z.object({
  meta_cluster: z.object({ leader: z.string(), cluster_size: z.number() }).optional(),
});

/**
 * Starts so many nats-servers: one alone, or a cluster.
 *
 * @param jetstream the whole of that line in their configuration, and what else a test wants there
 */
export async function startNats(
  size: number,
  jetstream: (store: string) => string = (store) => `jetstream { store_dir: ${store} }`,
): Promise<NatsCluster> {
  const program = await findNatsServer();
  if (program === undefined) throw new Error("there is no nats-server here");
  await using open = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-nats-" });
  open.defer(() => Deno.remove(folder, { recursive: true }));
  const ports = freePorts(3 * size);
  const places = Array.from({ length: size }, (_, i) => ({
    name: `n${i}`,
    client: ports[3 * i] ?? 0,
    cluster: ports[3 * i + 1] ?? 0,
    monitor: ports[3 * i + 2] ?? 0,
  }));
  const running = new Map<string, Running>();
  open.defer(async () => {
    for (const server of running.values()) await server[Symbol.asyncDispose]();
  });

  const nodes = await Promise.all(places.map(async (place): Promise<NatsNode> => {
    const config = join(folder, `${place.name}.conf`);
    const routes = places.map(({ cluster }) => `"nats://127.0.0.1:${cluster}"`).join(", ");
    await Deno.writeTextFile(
      config,
      `server_name: ${place.name}
listen: "127.0.0.1:${place.client}"
http: "127.0.0.1:${place.monitor}"
${jetstream(JSON.stringify(join(folder, place.name)))}
${
        size === 1
          ? ""
          : `cluster { name: test, listen: "127.0.0.1:${place.cluster}", routes: [${routes}] }`
      }
`,
    );
    async function startNode(): Promise<void> {
      const server = start([program ?? "", "-c", config]);
      running.set(place.name, server);
      await server.line(/Server is ready/);
    }
    await startNode();
    return {
      name: place.name,
      url: `nats://127.0.0.1:${place.client}`,
      start: startNode,
      async kill() {
        await running.get(place.name)?.[Symbol.asyncDispose]();
        running.delete(place.name);
      },
    };
  }));

  async function ready(): Promise<void> {
    for (const { name, monitor } of places) {
      if (!running.has(name)) continue;
      await eventually(
        `${name} is ready`,
        () => isReady(monitor, size).catch(() => false),
        ELECTED_WITHIN_MS,
      );
    }
  }

  await ready();
  const owned = open.move();
  return {
    nodes,
    url: nodes.map(({ url }) => url).join(","),
    ready,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function isReady(monitor: number, size: number): Promise<boolean> {
  const health = await fetch(`http://127.0.0.1:${monitor}/healthz`);
  await health.body?.cancel();
  if (!health.ok || size === 1) return health.ok;
  const answer = await (await fetch(`http://127.0.0.1:${monitor}/jsz`)).json();
  const { meta_cluster: meta } = jsz.parse(answer);
  return meta !== undefined && meta.leader !== "" && meta.cluster_size >= size;
}

/**
 * Where ports are looked for: below those that systems give to whoever connects. While a node is
 * dead, one of those could be taken by any connection, even by one that was meant for the node.
 */
const PORTS = { from: 20_000, to: 32_000 };

function freePorts(count: number): number[] {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
    if (isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
