import { Observers } from "../../ui/observers.ts";
import { ApiFailure } from "../api/api_failure.ts";
import type { HostApi } from "../api/host_api.ts";
import type { ConversationEvent, HostEvent } from "../api/host_event.ts";
import {
  anything,
  type HostInfo,
  hostInfo,
  messageList,
  type ModelList,
  modelList,
  type Pod,
  podAdded,
  podList,
  queueList,
} from "../api/schemas.ts";
import { ActivityLog } from "./activity_log.ts";
import { Coalesced } from "./coalesced.ts";
import { isLocal } from "./conversation_rows.ts";
import { LiveLink, type LiveLinkOptions } from "./live_link.ts";
import { PodWatch } from "./pod_watch.ts";
import type { Thread } from "./thread.ts";
import { ThreadCache } from "./thread_cache.ts";

/** What can be done to a pod. */
export type PodAction = "pause" | "resume" | "restart" | "stop";

/** How many answers are being given, and how many questions wait. */
export interface Queue {
  readonly running: number;
  readonly waiting: number;
}

/** The list of pods is fetched again at most so often while things happen, in milliseconds. */
const PODS_GAP_MS = 300;

/** The list of models may be slow to come. */
const MODELS_GAP_MS = 2_000;

/** Whether the endpoint is there nobody tells until somebody asks it: it is looked at so often, in ms. */
const MODELS_EVERY_MS = 15_000;

/** Providers have a queue each; there are as many as pods name endpoints, so this is plenty. */
const MAX_QUEUES = 32;

/**
 * All that the page shows and does, without a pixel of it: a live picture of one Host. What the
 * event stream tells is applied at once; lists are fetched again when it says that they changed.
 */
export class Dashboard {
  /** The Host, its pods, models or queue changed. */
  readonly changes = new Observers();
  readonly activity = new ActivityLog();
  readonly threads = new ThreadCache();
  readonly link: LiveLink;
  readonly #api: HostApi;
  readonly #podsAgain = new Coalesced(() => quietly(this.#fetchPods()), PODS_GAP_MS);
  readonly #modelsAgain: Coalesced;
  readonly #modelsEveryMs: number;
  readonly #queues = new Map<string, Queue>();
  /** The owner's own conversations, by pod. */
  readonly #own = new Map<string, string>();
  #host: HostInfo | undefined;
  #pods: readonly Pod[] | undefined;
  #models: ModelList | undefined;
  #watch: PodWatch | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;

  /** @param options.modelsEveryMs how often the models are fetched. @default 15 s */
  constructor(
    api: HostApi,
    options: Pick<LiveLinkOptions, "delay" | "probeAfterMs"> & { modelsEveryMs?: number } = {},
  ) {
    const { modelsEveryMs = MODELS_EVERY_MS, ...ofLink } = options;
    this.#api = api;
    this.#modelsEveryMs = modelsEveryMs;
    this.#modelsAgain = new Coalesced(
      () => quietly(this.#fetchModels()),
      Math.min(MODELS_GAP_MS, modelsEveryMs),
    );
    this.link = new LiveLink({
      ...ofLink,
      api,
      onOpen: (signal) => this.#fetchAll(signal),
      onEvent: (event) => this.#onEvent(event),
      onGap: () => this.#onGap(),
    });
  }

  get host(): HostInfo | undefined {
    return this.#host;
  }

  /** Undefined before they are known. */
  get pods(): readonly Pod[] | undefined {
    return this.#pods;
  }

  get models(): ModelList | undefined {
    return this.#models;
  }

  /** Over all providers. */
  get queue(): Queue {
    const all = [...this.#queues.values()];
    return {
      running: all.reduce((sum, { running }) => sum + running, 0),
      waiting: all.reduce((sum, { waiting }) => sum + waiting, 0),
    };
  }

  pod(podId: string): Pod | undefined {
    return this.#pods?.find(({ id }) => id === podId);
  }

  /** Follows one pod's visitors and conversations, and lets go of the pod before. */
  watch(podId: string): PodWatch {
    if (this.#watch?.podId === podId) return this.#watch;
    this.#watch?.dispose();
    this.#watch = new PodWatch(podId, this.#api);
    this.#watch.refresh();
    return this.#watch;
  }

  /** The owner's own conversation with a pod; undefined before there is one. */
  ownConversation(podId: string): string | undefined {
    const stored = this.#watch?.podId === podId ? this.#watch.conversations : [];
    return this.#own.get(podId) ??
      stored.find((one) => isLocal(one.conversationId))?.conversationId;
  }

  /** Rejects with `ApiFailure`, as everything below does. */
  async addPod(dir: string, model: string | undefined): Promise<string> {
    const body = { dir, ...model !== undefined && { model } };
    const { podId } = await this.#api.request("/pods", podAdded, { method: "POST", body });
    await quietly(this.#fetchPods());
    return podId;
  }

  async act(podId: string, action: PodAction): Promise<void> {
    await this.#api.request(`${pathOf(podId)}/${action}`, anything, { method: "POST" });
    await quietly(this.#fetchPods());
  }

  /** Asks a pod as its owner; the answer comes as events. */
  async chat(podId: string, message: string): Promise<void> {
    const body = { message };
    await this.#api.request(`${pathOf(podId)}/chat`, anything, { method: "POST", body });
  }

  /** Fetches what the Host remembers of a conversation. */
  async load(thread: Thread): Promise<void> {
    const { podId, conversationId } = thread;
    const path = `${pathOf(podId)}/conversations/${encodeURIComponent(conversationId)}/messages`;
    thread.beginLoad();
    try {
      thread.load((await this.#api.request(path, messageList)).messages);
    } catch (error) {
      // Nothing is remembered of it.
      if (error instanceof ApiFailure && error.status === 404) return thread.load([]);
      thread.failLoad();
      throw error;
    }
  }

  /** Makes the Host forget a conversation. */
  async forget(podId: string, conversationId: string): Promise<void> {
    const path = `${pathOf(podId)}/conversations/${encodeURIComponent(conversationId)}`;
    await this.#api.request(path, anything, { method: "DELETE" });
    this.threads.forget(podId, conversationId);
    if (this.#own.get(podId) === conversationId) this.#own.delete(podId);
    this.#watch?.refresh();
    this.changes.notify();
  }

  dispose(): void {
    this.link.stop();
    this.#watch?.dispose();
    clearInterval(this.#looking);
    this.#podsAgain.dispose();
    this.#modelsAgain.dispose();
  }

  #onGap(): void {
    this.threads.markStale("missed");
    this.#podsAgain.request();
    this.#watch?.refresh();
  }

  #onEvent(event: HostEvent): void {
    this.activity.add(event);
    switch (event.scope) {
      case "host":
        this.#onHostEvent(event.event);
        return;
      case "pod":
        this.#podsAgain.request();
        if (event.podId === this.#watch?.podId) this.#watch.refresh();
        return;
      case "conversation":
        this.#noteOwn(event);
        this.threads.apply(event);
        // Words of an answer change no list.
        if (event.event.type === "ui_event" || event.podId !== this.#watch?.podId) return;
        this.#watch.refresh();
        return;
    }
  }

  #noteOwn({ podId, event }: ConversationEvent): void {
    if (event.type === "other" || !isLocal(event.conversationId)) return;
    if (this.#own.get(podId) === event.conversationId) return;
    this.#own.set(podId, event.conversationId);
    this.changes.notify();
  }

  #onHostEvent(event: Extract<HostEvent, { scope: "host" }>["event"]): void {
    if (event.type === "queue_changed") {
      const { url, running, waiting } = event;
      this.#setQueue(url, { running, waiting });
      this.changes.notify();
      return;
    }
    this.#podsAgain.request();
    if (event.type === "provider_down" || event.type === "other") this.#modelsAgain.request();
  }

  async #fetchAll(signal: AbortSignal): Promise<void> {
    const before = this.#host?.startedAt;
    this.#host = await this.#api.request("/host", hostInfo, { signal });
    const isSame = before === this.#host.startedAt;
    await Promise.all([this.#fetchPods(signal), this.#fetchQueues(signal)]);
    this.threads.markStale(isSame ? "missed" : "restarted");
    this.#watch?.refresh();
    // A model endpoint that does not answer may take its time; the page does not wait for it.
    this.#modelsAgain.request();
    this.#looking ??= setInterval(() => {
      if (this.link.state.kind === "live") this.#modelsAgain.request();
    }, this.#modelsEveryMs);
    this.changes.notify();
  }

  async #fetchPods(signal?: AbortSignal): Promise<void> {
    const { pods } = await this.#api.request("/pods", podList, { ...signal && { signal } });
    this.#pods = pods;
    for (const podId of this.#own.keys()) {
      if (this.pod(podId) === undefined) this.#own.delete(podId);
    }
    this.changes.notify();
  }

  /** As they are now; what events tell meanwhile is newer. */
  async #fetchQueues(signal: AbortSignal): Promise<void> {
    this.#queues.clear();
    const { queues } = await this.#api.request("/queues", queueList, { signal });
    for (const { url, ...queue } of queues) {
      if (!this.#queues.has(url)) this.#setQueue(url, queue);
    }
  }

  #setQueue(url: string, queue: Queue): void {
    this.#queues.delete(url);
    this.#queues.set(url, queue);
    const [oldest] = this.#queues.keys();
    if (this.#queues.size > MAX_QUEUES && oldest !== undefined) this.#queues.delete(oldest);
  }

  async #fetchModels(): Promise<void> {
    this.#models = await this.#api.request("/models", modelList);
    this.changes.notify();
  }
}

function pathOf(podId: string): string {
  return `/pods/${encodeURIComponent(podId)}`;
}

/** For what is fetched once more at the next event anyway. */
async function quietly(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
  }
}
