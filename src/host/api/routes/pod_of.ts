import { z } from "zod";
import type { ApiHost, ApiPod } from "../api_host.ts";
import { HttpError } from "../http_error.ts";

/** The parameter of every route of one pod. */
export const podParams = z.object({ podId: z.string().min(1).describe("The pod's id") });

/** The pod of a path. Throws {@linkcode HttpError} 404. */
export function podOf(host: ApiHost, podId: string): ApiPod {
  const pod = host.registry.get(podId);
  if (pod === undefined) throw noSuchPod(podId);
  return pod;
}

/** The refusal of a pod that is not there. */
export function noSuchPod(podId: string): HttpError {
  return new HttpError(404, `This Host serves no pod ${podId.slice(0, 128)}`);
}
