import { CodedError, errorMessage } from "../../../base/mod.ts";
import { PodTomlError } from "../../../pod/mod.ts";
import type { ApiHost } from "../api_host.ts";
import { HttpError, type RefusalStatus } from "../http_error.ts";
import { defineRoute, type Route } from "../route.ts";
import { newPod, pod, podAdded, podChanged, podList } from "../schemas.ts";
import { noSuchPod, podOf, podParams } from "./pod_of.ts";

/** The pods of a Host: list, add, stop, pause, resume, restart. */
export function podRoutes(host: ApiHost): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/api/v1/pods",
      id: "listPods",
      summary: "The pods that this Host serves",
      access: "token",
      answers: { 200: podList },
      handle: () => ({
        status: 200,
        body: { pods: host.registry.list().map((one) => one.info()) },
      }),
    }),
    defineRoute({
      method: "post",
      path: "/api/v1/pods",
      id: "addPod",
      summary: "Serves the pod of a folder from now on",
      access: "token",
      body: newPod,
      answers: { 201: podAdded },
      refusals: [404, 409, 503],
      handle: async ({ body: { dir, model } }) => {
        const podId = await host.addPodFromDir(dir, model === undefined ? {} : { model })
          .catch(refuse);
        const added = host.registry.get(podId)?.info();
        return { status: 201, body: { ok: true, podId, model: added?.model ?? null } };
      },
    }),
    defineRoute({
      method: "get",
      path: "/api/v1/pods/{podId}",
      id: "getPod",
      summary: "One pod",
      access: "token",
      params: podParams,
      answers: { 200: pod },
      refusals: [404],
      handle: ({ params }) => ({ status: 200, body: podOf(host, params.podId).info() }),
    }),
    change("stop", "Stops a pod and forgets it", (podId) => host.removePod(podId)),
    change(
      "pause",
      "Says goodbye to a pod's visitors and takes no new ones",
      (podId) => host.pausePod(podId),
    ),
    change(
      "resume",
      "Serves a paused pod again, as its folder says now",
      (podId) => host.resumePod(podId),
    ),
    change(
      "restart",
      "Stops a pod and serves it again, as its folder says now",
      (podId) => host.restartPod(podId),
    ),
  ];

  function change(
    verb: "stop" | "pause" | "resume" | "restart",
    summary: string,
    work: (podId: string) => Promise<boolean>,
  ): Route {
    return defineRoute({
      method: "post",
      path: `/api/v1/pods/{podId}/${verb}`,
      id: `${verb}Pod`,
      summary,
      access: "token",
      params: podParams,
      answers: { 200: podChanged },
      refusals: [404, 409, 503],
      handle: async ({ params: { podId } }) => {
        if (!await work(podId).catch(refuse)) throw noSuchPod(podId);
        const status = host.registry.get(podId)?.info().status ?? "stopped";
        return { status: 200, body: { ok: true, podId, status } };
      },
    });
  }
}

/** What stands in the way by the codes of `Host`; everything else is what the folder holds. */
const STATUSES: Readonly<Record<string, RefusalStatus>> = {
  no_pod: 404,
  pod_exists: 409,
  pod_renamed: 409,
  not_running: 503,
};

function refuse(cause: unknown): never {
  const issues = cause instanceof PodTomlError ? { issues: cause.issues } : {};
  // What is not ours is the file system's: no such folder, or none that we may read.
  const status = cause instanceof CodedError ? STATUSES[cause.code] ?? 400 : 404;
  throw new HttpError(status, errorMessage(cause), { details: issues, cause });
}
