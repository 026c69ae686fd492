import { resolve } from "node:path";
import { CodedError, errorMessage, type Logger, type MaybePromise } from "../../base/mod.ts";
import type { EventBus } from "../event_bus.ts";
import type { HostState, RememberedPod } from "../host_state.ts";
import type { Providers } from "../model/provider.ts";
import { type PodRegistry, Pods } from "./pod_registry.ts";
import { PodRuntime, type PodServices } from "./pod_runtime.ts";
import { type PodDefaults, type PodOverrides, type ServedPod, servePodDir } from "./served_pod.ts";

/** What a {@linkcode PodKeeper} needs. */
export interface PodKeeperOptions {
  readonly defaults: PodDefaults;
  readonly services: PodServices;
  readonly providers: Providers;
  readonly state: HostState;
  readonly bus: EventBus;
  readonly log: Logger;
  /** A pod was registered with its broker for the first time. */
  onRegistered(): void;
}

/** What a pod is read from: once when it comes, and again whenever it is served again. */
export type PodSource = (defaults: PodDefaults) => MaybePromise<ServedPod>;

/** How a pod came to be served. */
interface Added {
  readonly at: string;
  readonly source: PodSource;
}

/**
 * The pods of a Host as they come, pause, come back and go. What is asked of one pod happens in the
 * order in which it was asked.
 */
export class PodKeeper {
  readonly #options: PodKeeperOptions;
  readonly #pods = new Pods();
  readonly #added = new Map<string, Added>();
  /** What goes on with a pod, by its id; the next waits for it. */
  readonly #busy = new Map<string, Promise<unknown>>();
  #closed = false;

  constructor(options: PodKeeperOptions) {
    this.#options = options;
  }

  get registry(): PodRegistry {
    return this.#pods;
  }

  /**
   * Serves the pod of a folder. Rejects with `PodTomlError`, or {@linkcode CodedError} `no_pod`,
   * `no_rendezvous`, `pod_exists`, `not_running`.
   */
  add(dir: string, overrides: PodOverrides): Promise<string> {
    const path = resolve(dir);
    return this.addFrom((defaults) => servePodDir(path, defaults, overrides));
  }

  /** Serves a pod that is read from anywhere. Rejects as `add` does. */
  async addFrom(source: PodSource): Promise<string> {
    const id = await this.#serve(source);
    await this.#remember();
    return id;
  }

  async #serve(source: PodSource): Promise<string> {
    this.#refuseClosed();
    const served = await this.#read(source);
    this.#refuseClosed(); // it may have been stopped meanwhile
    const { id } = served;
    if (this.#pods.has(id)) {
      throw new CodedError("pod_exists", `Cannot add pod ${id}: this Host serves it already`);
    }
    this.#added.set(id, { at: new Date().toISOString(), source });
    const pod = this.#runtime(served);
    this.#options.bus.emit({ scope: "host", event: { type: "pod_added", podId: id } });
    this.#start(pod);
    return id;
  }

  /** Stops a pod and forgets it. False where it is not served. */
  remove(podId: string): Promise<boolean> {
    return this.#inTurn(podId, async (pod) => {
      await pod.stop();
      this.#pods.remove(podId);
      this.#added.delete(podId);
      this.#options.bus.emit({ scope: "host", event: { type: "pod_removed", podId } });
      await this.#remember();
    });
  }

  /** Says goodbye to a pod's visitors and takes no new ones. False where it is not served. */
  pause(podId: string): Promise<boolean> {
    return this.#inTurn(podId, (pod) => pod.stop("paused"));
  }

  /** Serves a paused pod again, as its folder says now. False where it is not served. */
  resume(podId: string): Promise<boolean> {
    return this.#inTurn(podId, async (pod) => {
      if (pod.info().status === "paused") await this.#replace(pod);
    });
  }

  /** Stops a pod and serves it again, as its folder says now. False where it is not served. */
  restart(podId: string): Promise<boolean> {
    return this.#inTurn(podId, (pod) => this.#replace(pod));
  }

  /**
   * Serves pods of an earlier run; those that fail are said in the log. They are remembered when the
   * last has been tried: whoever stops this half-way has them all the next time.
   */
  async addRemembered(pods: readonly RememberedPod[]): Promise<void> {
    for (const { podId, podDir } of pods) {
      if (this.#closed) return;
      if (this.#pods.has(podId)) continue;
      try {
        await this.#serve((defaults) => servePodDir(podDir, defaults));
      } catch (error) {
        const reason = errorMessage(error);
        const text = `cannot resume ${podId}: ${reason}`;
        this.#options.log.error("resume_failed", { pod: podId, reason }, text);
      }
    }
  }

  /** Stops every pod; they stay remembered for the next start. */
  async stop(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#pods.list().map((pod) => pod.stop()));
  }

  async #replace(pod: PodRuntime): Promise<void> {
    const { id } = pod;
    // Read first: a folder that cannot be served any more leaves the pod as it is.
    const again = await this.#read(this.#added.get(id)?.source ?? (() => pod.served));
    if (again.id !== id) {
      throw new CodedError(
        "pod_renamed",
        `Cannot restart pod ${id}: its folder is of pod ${again.id} now; stop it and add that one`,
      );
    }
    await pod.stop();
    if (!this.#closed) this.#start(this.#runtime(again));
  }

  async #read(source: PodSource): Promise<ServedPod> {
    const served = await source(this.#options.defaults);
    for (const { message } of served.warnings) this.#options.log.warn("pod_toml", {}, message);
    return served;
  }

  /** A runtime in the place of the one before, where there was one. */
  #runtime(served: ServedPod): PodRuntime {
    const { providers, services } = this.#options;
    const pod = new PodRuntime(served, providers.get(served.provider), services);
    this.#pods.add(pod);
    return pod;
  }

  #start(pod: PodRuntime): void {
    pod.start();
    // Rejects when it is stopped before it was registered.
    void pod.registered.then(() => this.#options.onRegistered(), () => {});
  }

  async #inTurn(podId: string, work: (pod: PodRuntime) => Promise<void>): Promise<boolean> {
    const before = this.#busy.get(podId) ?? Promise.resolve();
    const done = before.then(async () => {
      const pod = this.#pods.get(podId);
      if (pod === undefined) return false;
      await work(pod);
      return true;
    });
    const settled = done.catch(() => {}); // who asked hears of it; who waits does not
    this.#busy.set(podId, settled);
    try {
      return await done;
    } finally {
      if (this.#busy.get(podId) === settled) this.#busy.delete(podId);
    }
  }

  #refuseClosed(): void {
    if (!this.#closed) return;
    throw new CodedError("not_running", "Cannot add a pod: the Host is being stopped");
  }

  #remember(): Promise<void> {
    return this.#options.state.write(
      this.#pods.list().map(({ id, served }) => ({
        podId: id,
        podDir: served.dir,
        addedAt: this.#added.get(id)?.at ?? new Date().toISOString(),
      })),
    );
  }
}
