import { type Api, type ApiOptions, createApi } from "../../../../src/host/api/api.ts";
import type { ApiHost, ApiPod } from "../../../../src/host/api/api_host.ts";
import { EventBus } from "../../../../src/host/event_bus.ts";
import type { PodInfo } from "../../../../src/host/pods/pod_runtime.ts";
import { openMemoryStore } from "../../../../src/host/store/memory_store.ts";

export const TOKEN = "0123456789abcdef";

/** What a request of somebody with the token brings. */
export const WITH_TOKEN = { "X-Gemmapod-Token": TOKEN };

export function podInfo(more: Partial<PodInfo> = {}): PodInfo {
  return {
    id: "pod",
    name: "A pod",
    dir: "/pods/pod",
    model: "test-model",
    signalUrl: "ws://127.0.0.1:1/signal",
    status: "running",
    peers: 0,
    lastError: null,
    signalState: "connected",
    signalLastError: null,
    ...more,
  };
}

export function fakePod(more: Partial<ApiPod> & { dir?: string } = {}): ApiPod {
  const { dir = "/pods/pod", ...rest } = more;
  return {
    info: () => podInfo({ dir }),
    peers: new Map(),
    chat: ({ peerId = "local:dashboard" }) => (
      { requestId: "r", conversationId: peerId, peerId }
    ),
    localMessages: () => [],
    ...rest,
  };
}

/** A Host with one pod, `pod`, that notes what is asked of it. */
export function fakeHost(
  more: Partial<ApiHost> = {},
  pod: ApiPod = fakePod(),
): { host: ApiHost; calls: string[] } {
  const calls: string[] = [];
  const change = (verb: string) => (podId: string) => {
    calls.push(`${verb} ${podId}`);
    return Promise.resolve(podId === "pod");
  };
  const host: ApiHost = {
    bus: new EventBus(),
    info: () => ({ pid: 7, version: "1.2.3", startedAt: "2026-01-01T00:00:00.000Z", podCount: 1 }),
    requestShutdown: () => void calls.push("shutdown"),
    registry: { get: (id) => id === "pod" ? pod : undefined, list: () => [pod] },
    addPodFromDir: (dir, overrides) => {
      calls.push(`add ${dir} ${overrides?.model ?? ""}`.trim());
      return Promise.resolve("pod");
    },
    removePod: change("remove"),
    pausePod: change("pause"),
    resumePod: change("resume"),
    restartPod: change("restart"),
    conversations: openMemoryStore(),
    queues: () => [{ url: "http://localhost:11434", running: 1, waiting: 2 }],
    models: () =>
      Promise.resolve({
        url: "http://localhost:11434",
        connected: true,
        format: "ollama",
        models: ["m"],
      }),
    ...more,
  };
  return { host, calls };
}

/** One request to the API, as this machine sends it. */
export type Ask = (
  path: string,
  init?: { method?: string; headers?: Record<string, string>; body?: BodyInit },
) => Promise<Response>;

/** The API of a fake Host, and a way to ask it. Requests bring the token and say that they are JSON. */
export function fakeApi(
  more: Partial<ApiHost> = {},
  options: Partial<ApiOptions> & { pod?: ApiPod } = {},
): { api: Api; ask: Ask; calls: string[]; host: ApiHost } {
  const { pod, ...rest } = options;
  const { host, calls } = fakeHost(more, pod);
  const api = createApi({ host, token: TOKEN, ...rest });
  const ask: Ask = (path, { method = "GET", headers = {}, body } = {}) =>
    api.fetch(
      new Request(`http://localhost:57447${path}`, {
        method,
        headers: {
          host: "localhost:57447",
          ...WITH_TOKEN,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
      }),
    );
  return { api, ask, calls, host };
}
