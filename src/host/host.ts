import { join, resolve } from "node:path";
import { CodedError, errorMessage, type Logger, toHex, VERSION } from "../base/mod.ts";
import { nodeEd25519 } from "../core/native.ts";
import { preloadRtc } from "../rtc/mod.ts";
import { createApi, type HostInfo } from "./api/api.ts";
import { type ApiServer, serveApi } from "./api/serve_api.ts";
import { claimDiscovery, type Discovered } from "./discovery.ts";
import { EventBus } from "./event_bus.ts";
import { type HostConfig, type HostSettings, hostSettings } from "./host_config.ts";
import { HostState } from "./host_state.ts";
import { Providers } from "./model/provider.ts";
import { PeerLimit } from "./pods/peer_limit.ts";
import { type PodRegistry, Pods } from "./pods/pod_registry.ts";
import { PodRuntime } from "./pods/pod_runtime.ts";
import { type PodOverrides, servePodDir } from "./pods/served_pod.ts";
import type { ConversationStore } from "./store/conversation_store.ts";
import { openStore } from "./store/open_store.ts";

/** How often sessions are looked after, in milliseconds: what `OriginSession.tick` asks for. */
const TICK_MS = 1_000;

/** Bytes of the loopback API's token. */
const TOKEN_BYTES = 32;

/**
 * One process on the owner's machine that serves pods: registers each with its broker, answers
 * visitors over WebRTC, runs the model, remembers conversations (host.md).
 *
 * @example
 * ```ts ignore
 * await using host = new Host({ ollamaUrl: "http://localhost:11434" });
 * await host.start();
 * const podId = await host.addPodFromDir("./my-pod");
 * console.log(`Pod ${podId} is served; the API is at http://localhost:${host.port()}`);
 * ```
 */
export class Host implements AsyncDisposable {
  /** What happens, for whoever wants to know. */
  readonly bus: EventBus;
  /** Which pods are served, for the next start. */
  readonly state: HostState;
  readonly #settings: HostSettings;
  readonly #log: Logger;
  readonly #pods = new Pods();
  readonly #addedAt = new Map<string, string>();
  readonly #providers: Providers;
  readonly #peerLimit: PeerLimit;
  readonly #startedAt = new Date().toISOString();
  readonly #stopRequested = Promise.withResolvers<void>();
  #conversations: ConversationStore | undefined;
  #running: Running | undefined;
  #stopped: Promise<void> | undefined;

  /**
   * Reads settings, and the environment for those that are not given; does nothing else yet.
   *
   * Throws {@linkcode CodedError} `bad_setting` or `bad_ice_servers`.
   */
  constructor(config: HostConfig = {}) {
    const settings = hostSettings(config);
    const { logger, parallel, patience, queue, maxPeers, home } = settings;
    this.#settings = settings;
    this.#log = logger;
    this.bus = new EventBus({ log: logger });
    this.state = new HostState(join(home, "state.json"), logger);
    this.#peerLimit = new PeerLimit(maxPeers);
    this.#providers = new Providers({
      maxWaiting: queue,
      bus: this.bus,
      log: logger,
      ...(parallel === undefined ? {} : { parallel }),
      ...(patience === undefined ? {} : { patience }),
    });
  }

  /** The pods that are served. */
  get registry(): PodRegistry {
    return this.#pods;
  }

  /** What visitors said and were answered; opened at the first use. */
  get conversations(): ConversationStore {
    return this.#conversations ??= openStore(this.#settings.databasePath, this.#log);
  }

  /** Settles when somebody asked the API to stop this Host; its owner then calls `shutdown`. */
  get stopRequested(): Promise<void> {
    return this.#stopRequested.promise;
  }

  /** The port of the loopback API. Throws `CodedError` `not_running` before `start`. */
  port(): number {
    if (this.#running === undefined) {
      throw new CodedError("not_running", "The Host has no port: it is not running");
    }
    return this.#running.api.port;
  }

  /**
   * Opens the loopback API and lets other programs find this Host.
   *
   * Rejects with {@linkcode CodedError} `port_taken`, or `host_running` when another Host of the same
   * folder is.
   */
  async start(): Promise<void> {
    if (this.#running !== undefined || this.#stopped !== undefined) {
      throw new CodedError("already_started", "Cannot start the Host: it was started before");
    }
    const token = toHex(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
    const app = createApi({
      info: () => this.#info(),
      pods: () => this.#pods.list().map((pod) => pod.info()),
      addPodFromDir: (dir, overrides) => this.addPodFromDir(dir, overrides),
      requestShutdown: () => this.#stopRequested.resolve(),
    }, token);
    const api = serveApi(this.#settings.ports, (request) => app.fetch(request));
    const { pid } = Deno;
    const { port } = api;
    const startedAt = this.#startedAt;
    const mine = { pid, port, token, version: VERSION, startedAt };
    const discovery = await this.#claim(mine).catch(async (error) => {
      await api.stop();
      throw error;
    });
    const ticking = setInterval(() => {
      for (const pod of this.#pods.list()) pod.tick();
    }, TICK_MS);
    this.#running = { api, discovery, ticking };
    this.#log.info("ready", { port }, `ready at http://localhost:${port}`);
    this.bus.emit({ scope: "host", event: { type: "host_ready", port } });
  }

  /**
   * Reads a pod's folder and serves it from now on: the broker is dialled, and again whenever the
   * line is lost. Settles before the broker has answered; `registry.get(podId)?.registered` waits
   * for that.
   *
   * Rejects with `PodTomlError`, or {@linkcode CodedError} `no_pod`, `no_rendezvous`, `pod_exists`.
   *
   * @returns the pod's id
   */
  async addPodFromDir(dir: string, overrides: PodOverrides = {}): Promise<string> {
    if (this.#stopped !== undefined) {
      throw new CodedError("not_running", "Cannot add a pod: the Host is being stopped");
    }
    const served = await servePodDir(resolve(dir), this.#settings, overrides);
    for (const { message } of served.warnings) this.#log.warn("pod_toml", {}, message);
    const { id } = served;
    if (this.#pods.has(id)) {
      throw new CodedError("pod_exists", `Cannot add pod ${id}: this Host serves it already`);
    }
    const pod = new PodRuntime(served, this.#providers.get(served.provider), {
      bus: this.bus,
      log: this.#log,
      ed25519: nodeEd25519(),
      peerLimit: this.#peerLimit,
      conversations: () => this.conversations,
    });
    this.#pods.add(pod);
    this.#addedAt.set(id, new Date().toISOString());
    this.bus.emit({ scope: "host", event: { type: "pod_added", podId: id } });
    pod.start();
    void pod.registered.then(() => this.#prepare(), () => {}); // stopped before it was registered
    await this.#writeState();
    return id;
  }

  /** Stops one pod, as `shutdown` does with all, and forgets it. False where it is not served. */
  async removePod(podId: string): Promise<boolean> {
    const pod = this.#pods.get(podId);
    if (pod === undefined) return false;
    await pod.stop();
    this.#pods.remove(podId);
    this.#addedAt.delete(podId);
    this.bus.emit({ scope: "host", event: { type: "pod_removed", podId } });
    await this.#writeState();
    return true;
  }

  /** Serves the pods of the last run again; those that fail are said in the log. */
  async resumeFromStateFile(): Promise<void> {
    for (const { podId, podDir } of await this.state.read()) {
      if (this.#pods.has(podId)) continue;
      try {
        await this.addPodFromDir(podDir);
      } catch (error) {
        const reason = errorMessage(error);
        this.#log.error(
          "resume_failed",
          { pod: podId, reason },
          `cannot resume ${podId}: ${reason}`,
        );
      }
    }
  }

  /**
   * Stops: no new visitors, runs in flight may go on for 3 s, goodbye to everybody, then the API
   * and the database. Safe to call more than once.
   */
  shutdown(): Promise<void> {
    return this.#stopped ??= this.#shutdown();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  async #shutdown(): Promise<void> {
    this.bus.emit({ scope: "host", event: { type: "host_stopping" } });
    this.#providers.stop();
    await Promise.all(this.#pods.list().map((pod) => pod.stop()));
    clearInterval(this.#running?.ticking);
    await this.#running?.discovery?.[Symbol.asyncDispose]();
    await this.#running?.api.stop();
    await this.state.settled();
    this.#conversations?.[Symbol.dispose]();
  }

  /** Lets other programs find this Host. Where the file cannot be written it serves all the same. */
  async #claim(mine: Discovered): Promise<AsyncDisposable | undefined> {
    try {
      return await claimDiscovery(this.#settings.discoveryPath, mine);
    } catch (error) {
      if (error instanceof CodedError) throw error;
      const reason = errorMessage(error);
      this.#log.warn("no_discovery", { reason }, `other programs cannot find this Host: ${reason}`);
      return undefined;
    }
  }

  /** What the first visitor would wait for, as soon as the pod is registered. */
  #prepare(): void {
    if (this.#stopped !== undefined) return;
    preloadRtc().catch((error) => {
      this.#log.error("rtc_unavailable", {}, errorMessage(error));
    });
    void this.conversations;
  }

  #info(): HostInfo {
    return {
      pid: Deno.pid,
      version: VERSION,
      startedAt: this.#startedAt,
      podCount: this.#pods.size,
    };
  }

  #writeState(): Promise<void> {
    return this.state.write(
      this.#pods.list().map(({ id, served }) => ({
        podId: id,
        podDir: served.dir,
        addedAt: this.#addedAt.get(id) ?? this.#startedAt,
      })),
    );
  }
}

/** What a running Host holds open. */
interface Running {
  readonly api: ApiServer;
  readonly discovery: AsyncDisposable | undefined;
  readonly ticking: ReturnType<typeof setInterval>;
}
