import { join } from "node:path";
import { CodedError, errorMessage, type Logger, toHex, VERSION } from "../base/mod.ts";
import { nodeEd25519 } from "../core/native.ts";
import { preloadRtc } from "../rtc/mod.ts";
import type { Api } from "./api/api.ts";
import type { HostInfo } from "./api/api_host.ts";
import { checkDashboard, type DashboardSource } from "./api/dashboard.ts";
import { type ApiServer, serveApi } from "./api/serve_api.ts";
import { claimDiscovery, type Discovered } from "./discovery.ts";
import { EventBus } from "./event_bus.ts";
import { type HostConfig, type HostSettings, hostSettings } from "./host_config.ts";
import { HostState } from "./host_state.ts";
import { listModels, type ModelList } from "./model/list_models.ts";
import { Providers, type QueueInfo } from "./model/provider.ts";
import { type OriginPod, originPod } from "./pods/origin_pod.ts";
import { PeerLimit } from "./pods/peer_limit.ts";
import { PodKeeper } from "./pods/pod_keeper.ts";
import type { PodRegistry } from "./pods/pod_registry.ts";
import type { PodOverrides } from "./pods/served_pod.ts";
import { recordEvents } from "./record_events.ts";
import type { ConversationStore } from "./store/conversation_store.ts";
import { openEventLog } from "./store/event_log.ts";
import { EventLogWriter } from "./store/event_log_writer.ts";
import { openStore } from "./store/open_store.ts";
import { startRetention } from "./store/retention.ts";
import { INTERRUPTED, onStopSignal } from "./stop_signals.ts";

/** How often sessions are looked after, in milliseconds: what `OriginSession.tick` asks for. */
const TICK_MS = 1_000;

/** Bytes of the loopback API's token. */
const TOKEN_BYTES = 32;

/** Events are numbered from the microsecond of the start, so that no two starts share a number. */
const EVENTS_A_MS = 1_000;

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
  readonly #pods: PodKeeper;
  readonly #providers: Providers;
  readonly #eventLog: EventLogWriter;
  readonly #startedAt = new Date().toISOString();
  readonly #stopRequested = Promise.withResolvers<void>();
  #conversations: ConversationStore | undefined;
  #running: Running | undefined;
  #retention: Disposable | undefined;
  #stopped: Promise<void> | undefined;

  /**
   * Reads settings, and the environment for those that are not given; does nothing else yet.
   *
   * Throws {@linkcode CodedError} `bad_setting` or `bad_ice_servers`.
   */
  constructor(config: HostConfig = {}) {
    const settings = hostSettings(config);
    const { logger, parallel, patience, queue, maxPeers, home, databasePath } = settings;
    this.#settings = settings;
    this.#log = logger;
    this.bus = new EventBus({ log: logger, firstId: Date.now() * EVENTS_A_MS });
    this.state = new HostState(join(home, "state.json"), logger);
    this.#eventLog = new EventLogWriter(() => openEventLog(databasePath), logger);
    recordEvents(this.bus, (event) => this.#eventLog.add(event));
    this.#providers = new Providers({
      maxWaiting: queue,
      bus: this.bus,
      log: logger,
      ...(parallel === undefined ? {} : { parallel }),
      ...(patience === undefined ? {} : { patience }),
    });
    this.#pods = new PodKeeper({
      defaults: settings,
      services: {
        bus: this.bus,
        log: logger,
        ed25519: nodeEd25519(),
        peerLimit: new PeerLimit(maxPeers),
        conversations: () => this.conversations,
      },
      providers: this.#providers,
      state: this.state,
      bus: this.bus,
      log: logger,
      onRegistered: () => this.#prepare(),
    });
  }

  /** The pods that are served. A pod that was restarted is another object. */
  get registry(): PodRegistry {
    return this.#pods.registry;
  }

  /** What visitors said and were answered; opened at the first use. */
  get conversations(): ConversationStore {
    return this.#conversations ??= openStore(this.#settings.databasePath, this.#log);
  }

  /** Settles when somebody asked the API to stop this Host, which then shuts itself down. */
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
   * Opens the loopback API, lets other programs find this Host, and listens to Ctrl-C.
   *
   * Rejects with {@linkcode CodedError} `bad_setting`, `port_taken`, `host_running` when another Host
   * of the same folder is, or `not_running` when it is stopped meanwhile.
   */
  async start(): Promise<void> {
    if (this.#running !== undefined || this.#stopped !== undefined) {
      throw new CodedError("already_started", "Cannot start the Host: it was started before");
    }
    const { ports, signals = "handled" } = this.#settings;
    const dashboard = this.#dashboard();
    await checkDashboard(dashboard);
    const token = toHex(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
    let app: Promise<Api> | undefined;
    // Routes and schemas are loaded by the first request: many a Host is never asked anything.
    const loadApi = () => app ??= this.#createApi(token, dashboard);
    const api = serveApi(
      ports,
      async (request) => (await loadApi()).fetch(request),
    );
    const { pid } = Deno;
    const { port } = api;
    const startedAt = this.#startedAt;
    const mine = { pid, port, token, version: VERSION, startedAt };
    const discovery = await this.#claim(mine).catch(async (error) => {
      await api.stop();
      throw error;
    });
    if (this.#isStopped()) {
      await discovery?.[Symbol.asyncDispose]();
      await api.stop();
      throw new CodedError("not_running", "The Host was stopped while it started");
    }
    const ticking = setInterval(() => {
      for (const pod of this.registry.list()) pod.tick();
    }, TICK_MS);
    const listening = signals === "left" ? undefined : onStopSignal(() => void this.#stopAndExit());
    this.#running = { app: () => app, api, discovery, ticking, listening };
    this.#startRetention();
    this.#log.info("ready", { port }, `ready at http://localhost:${port}`);
    if (!this.#settings.headless) {
      this.#log.info("dashboard", { port }, `dashboard at http://localhost:${port}`);
    }
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
  addPodFromDir(dir: string, overrides: PodOverrides = {}): Promise<string> {
    return this.#pods.add(dir, overrides);
  }

  /**
   * Serves a pod that has no folder (`gemmapod origin`). Rejects with {@linkcode CodedError}
   * `bad_setting`, `bad_signal_url`, `pod_exists`.
   *
   * @returns the pod's id
   */
  addOrigin(origin: OriginPod): Promise<string> {
    return this.#pods.addFrom((defaults) => originPod(origin, defaults));
  }

  /** Stops one pod, as `shutdown` does with all, and forgets it. False where it is not served. */
  removePod(podId: string): Promise<boolean> {
    return this.#pods.remove(podId);
  }

  /** Says goodbye to a pod's visitors and takes no new ones. False where it is not served. */
  pausePod(podId: string): Promise<boolean> {
    return this.#pods.pause(podId);
  }

  /**
   * Serves a paused pod again, as its folder says now. False where it is not served.
   *
   * Rejects as `addPodFromDir` does; the pod stays paused then.
   */
  resumePod(podId: string): Promise<boolean> {
    return this.#pods.resume(podId);
  }

  /**
   * Stops a pod and serves it again, as its folder says now. False where it is not served.
   *
   * Rejects as `addPodFromDir` does; the pod goes on as it was then.
   */
  restartPod(podId: string): Promise<boolean> {
    return this.#pods.restart(podId);
  }

  /** Serves the pods of the last run again; those that fail are said in the log. */
  async resumeFromStateFile(): Promise<void> {
    await this.#pods.addRemembered(await this.state.read());
  }

  /** Asks the model endpoint for its models. Never rejects. */
  models(): Promise<ModelList> {
    const { provider, ollamaUrl: url, apiKey } = this.#settings;
    if (provider === "demo") return listModels({ kind: "demo" });
    const key = apiKey === undefined ? {} : { apiKey };
    return listModels({ kind: "endpoint", url, ...key });
  }

  /** How busy each model endpoint is. */
  queues(): QueueInfo[] {
    return this.#providers.queues();
  }

  /** What `GET /api/v1/host` says. */
  info(): HostInfo {
    return {
      pid: Deno.pid,
      version: VERSION,
      startedAt: this.#startedAt,
      podCount: this.registry.size,
    };
  }

  /** The API's way to stop this Host. */
  requestShutdown(): void {
    this.#stopRequested.resolve();
    void this.shutdown();
  }

  /**
   * Stops: no new visitors, runs in flight may go on for 3 s, goodbye to everybody, then the API
   * and the database. Safe to call more than once.
   */
  shutdown(): Promise<void> {
    if (this.#stopped !== undefined) return this.#stopped;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#stopped = promise; // first: who hears of it on the bus may ask for the same
    this.#shutdown().then(resolve, reject);
    return promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  async #stopAndExit(): Promise<void> {
    this.#log.info("stopping", {}, "stopping; press Ctrl-C again to quit at once");
    await this.shutdown();
    Deno.exit(INTERRUPTED);
  }

  /** A question of its own, because it may become true during any wait. */
  #isStopped(): boolean {
    return this.#stopped !== undefined;
  }

  async #shutdown(): Promise<void> {
    this.bus.emit({ scope: "host", event: { type: "host_stopping" } });
    this.#providers.stop();
    await this.#pods.stop();
    clearInterval(this.#running?.ticking);
    this.#running?.listening?.[Symbol.dispose]();
    this.#retention?.[Symbol.dispose]();
    await this.#running?.discovery?.[Symbol.asyncDispose]();
    (await this.#running?.app())?.[Symbol.dispose]();
    // The files before the port: `gemmapod stop` looks at the port alone.
    if (this.#running === undefined) await this.#closeFiles();
    else await this.#running.api.stop(() => this.#closeFiles());
  }

  async #closeFiles(): Promise<void> {
    await this.state.settled();
    this.#eventLog[Symbol.dispose]();
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

  /** Forgets what is older than the owner wants to keep, where the owner said so. */
  #startRetention(): void {
    const { retentionDays: days, databasePath } = this.#settings;
    if (days === undefined) return;
    const pruneEvents = (before: number) => {
      using events = openEventLog(databasePath);
      return events.prune(before);
    };
    this.#retention = startRetention({
      days,
      prune: [(before) => this.conversations.prune(before), pruneEvents],
      log: this.#log,
    });
  }

  /** What the first visitor would wait for, as soon as the pod is registered. */
  #prepare(): void {
    if (this.#stopped !== undefined) return;
    preloadRtc().catch((error) => {
      this.#log.error("rtc_unavailable", {}, errorMessage(error));
    });
    void this.conversations;
  }

  async #createApi(token: string, dashboard: DashboardSource): Promise<Api> {
    const { createApi } = await import("./api/api.ts");
    return createApi({ host: this, token, dashboard, log: this.#log });
  }

  #dashboard(): DashboardSource {
    const { headless = false, uiDir } = this.#settings;
    if (headless) return { kind: "none" };
    if (uiDir !== undefined) return { kind: "folder", dir: uiDir };
    const html = async () => (await import("../assets/mod.ts")).dashboardPage();
    return { kind: "page", html };
  }
}

/** What a running Host holds open. */
interface Running {
  /** Undefined as long as nobody has asked anything. */
  readonly app: () => Promise<Api> | undefined;
  readonly api: ApiServer;
  readonly discovery: AsyncDisposable | undefined;
  readonly ticking: ReturnType<typeof setInterval>;
  readonly listening: Disposable | undefined;
}
