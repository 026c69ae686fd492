import { type Context, Hono } from "hono";
import { errorMessage, type Logger } from "../../base/mod.ts";
import type { ApiHost } from "./api_host.ts";
import { type DashboardSource, serveDashboard } from "./dashboard.ts";
import { EventHub } from "./event_hub.ts";
import { HttpError } from "./http_error.ts";
import { onlyLoopback, onlyWithToken } from "./loopback_guard.ts";
import { defineRoute, type Route } from "./route.ts";
import { conversationRoutes } from "./routes/conversation_routes.ts";
import { dataRoutes } from "./routes/data_routes.ts";
import { hostRoutes } from "./routes/host_routes.ts";
import { podRoutes } from "./routes/pod_routes.ts";
import { streamRoutes } from "./routes/stream_routes.ts";
import { authAnswer } from "./schemas.ts";

/** What {@linkcode createApi} needs. */
export interface ApiOptions {
  readonly host: ApiHost;
  readonly token: string;
  /** @default nothing at `/` */
  readonly dashboard?: DashboardSource;
  readonly log?: Logger;
  /** How often a quiet event stream shows that it lives, in milliseconds. @default 15 s */
  readonly beatEveryMs?: number;
}

/** The API; disposing of it ends its event streams. */
export interface Api extends Disposable {
  fetch(request: Request): Promise<Response>;
}

/** Where the API describes itself; needs no token. */
const OPENAPI_PATH = "/api/v1/openapi.json";

/** What every answer says, unless it says otherwise itself. */
const HEADERS: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/**
 * The loopback API (host.md): `GET /auth` gives the token to this machine, `/api/v1/*` needs it.
 * A plain function from request to response, so that tests call it without a server.
 */
export function createApi(options: ApiOptions): Api {
  const { host, token, dashboard = { kind: "none" }, log, beatEveryMs } = options;
  const hub = new EventHub(host.bus, beatEveryMs === undefined ? {} : { beatEveryMs });
  const routes = [
    authRoute(token),
    ...hostRoutes(host),
    ...podRoutes(host),
    ...conversationRoutes(host),
    ...dataRoutes(host),
    ...streamRoutes(host, hub),
  ];
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) {
      if (!context.res.headers.has(name)) context.header(name, value);
    }
  });
  app.use(onlyLoopback());
  app.get(OPENAPI_PATH, async (context) => {
    const { openApiDocument } = await import("./openapi.ts"); // most Hosts are never asked
    return context.json(openApiDocument(routes));
  });
  app.all(OPENAPI_PATH, () => refuseMethod(["GET"]));
  app.use("/api/v1/*", onlyWithToken(token));
  mount(app, routes);

  app.notFound(async (context) => {
    const { method, path } = context.req;
    if (method === "GET" || method === "HEAD") {
      const file = await serveDashboard(dashboard, path);
      if (file !== undefined) return file;
    }
    return context.json({ error: "There is nothing here" }, 404);
  });
  app.onError((error, context) => {
    if (error instanceof HttpError) return refusal(error);
    const reason = errorMessage(error);
    log?.error("request_failed", { method: context.req.method, path: context.req.path, reason });
    return context.json({ error: "The Host failed to answer; its log says why" }, 500);
  });
  return {
    fetch: (request) => Promise.resolve(app.fetch(request)),
    [Symbol.dispose]: () => hub[Symbol.dispose](),
  };
}

function authRoute(token: string): Route {
  return defineRoute({
    method: "get",
    path: "/auth",
    id: "getToken",
    summary: "The token of this Host, for programs on this machine",
    access: "open",
    answers: { 200: authAnswer },
    handle: () => ({ status: 200, body: { token } }),
  });
}

function mount(app: Hono, routes: readonly Route[]): void {
  const methods = new Map<string, string[]>();
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ":$1");
    app.on(route.method.toUpperCase(), path, (context) => answer(route, context));
    methods.set(path, [...methods.get(path) ?? [], route.method.toUpperCase()]);
  }
  for (const [path, allowed] of methods) app.all(path, () => refuseMethod(allowed));
}

function answer(route: Route, context: Context): Promise<Response> {
  return route.handle({ request: context.req.raw, params: context.req.param() });
}

function refuseMethod(allowed: readonly string[]): never {
  throw new HttpError(405, "Not with this method", { headers: { allow: allowed.join(", ") } });
}

function refusal({ status, message, details, headers }: HttpError): Response {
  return Response.json({ error: message, ...details }, { status, headers });
}
