import type { ApiHost } from "../api_host.ts";
import { defineRoute, type Route } from "../route.ts";
import { done, hostInfo, modelList, queueList } from "../schemas.ts";

/** The Host itself, and its model endpoint. */
export function hostRoutes(host: ApiHost): Route[] {
  // Not with the request's signal: Deno warns of whoever touches it, and a list takes 3 s at most.
  const models = async () => ({ status: 200, body: await host.models() }) as const;
  return [
    defineRoute({
      method: "get",
      path: "/api/v1/host",
      id: "getHost",
      summary: "The Host that answers",
      access: "token",
      answers: { 200: hostInfo },
      handle: () => ({ status: 200, body: host.info() }),
    }),
    defineRoute({
      method: "post",
      path: "/api/v1/host/shutdown",
      id: "stopHost",
      summary: "Stops the Host; the answer goes out before",
      access: "token",
      answers: { 200: done },
      handle: () => {
        host.requestShutdown();
        return { status: 200, body: { ok: true } };
      },
    }),
    defineRoute({
      method: "get",
      path: "/api/v1/queues",
      id: "listQueues",
      summary: "How busy each model endpoint is",
      access: "token",
      answers: { 200: queueList },
      handle: () => ({ status: 200, body: { queues: host.queues() } }),
    }),
    defineRoute({
      method: "get",
      path: "/api/v1/models",
      id: "listModels",
      summary: "The models of the Host's endpoint",
      access: "token",
      answers: { 200: modelList },
      handle: models,
    }),
    defineRoute({
      method: "get",
      path: "/api/v1/ollama",
      id: "listOllamaModels",
      summary: "The same under its older name",
      access: "token",
      answers: { 200: modelList },
      handle: models,
    }),
  ];
}
