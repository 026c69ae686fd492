import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { CodedError, errorMessage } from "../../base/mod.ts";
import { PodTomlError } from "../../pod/mod.ts";
import type { PodInfo } from "../pods/pod_runtime.ts";
import type { PodOverrides } from "../pods/served_pod.ts";
import { onlyLoopback, onlyWithToken } from "./loopback_guard.ts";

/** What `GET /api/v1/host` says. */
export interface HostInfo {
  readonly pid: number;
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly podCount: number;
}

/** What of a Host the API needs. */
export interface ApiHost {
  info(): HostInfo;
  pods(): readonly PodInfo[];
  addPodFromDir(dir: string, overrides?: PodOverrides): Promise<string>;
  /** Begins to stop; the answer to the request goes out before. */
  requestShutdown(): void;
}

/** The largest request body: a data file of the owner's, later. */
const MAX_BODY_BYTES = 1024 * 1024;

const newPod = z.object({ dir: z.string().min(1), model: z.string().min(1).optional() });

/**
 * The loopback API (host.md): `GET /auth` gives the token to this machine, `/api/v1/*` needs it.
 * A plain function from request to response, so that tests call it without a server.
 */
export function createApi(host: ApiHost, token: string): Hono {
  const app = new Hono();
  app.use(onlyLoopback());
  app.use(async (context, next) => {
    await next();
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Cache-Control", "no-store");
  });
  app.get("/auth", (context) => context.json({ token }));

  app.use(
    "/api/v1/*",
    onlyWithToken(token),
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (context) => context.json({ error: "the body is too large" }, 413),
    }),
  );
  app.get("/api/v1/host", (context) => context.json(host.info()));
  app.post("/api/v1/host/shutdown", (context) => {
    host.requestShutdown();
    return context.json({ ok: true });
  });
  app.get("/api/v1/pods", (context) => context.json({ pods: host.pods() }));
  app.post("/api/v1/pods", async (context) => {
    const body = newPod.safeParse(await context.req.json().catch(() => undefined));
    if (!body.success) return context.json({ error: "expected {dir, model?}" }, 400);
    const { dir, model } = body.data;
    try {
      const podId = await host.addPodFromDir(dir, model === undefined ? {} : { model });
      const added = host.pods().find(({ id }) => id === podId);
      return context.json({ ok: true, podId, model: added?.model ?? null }, 201);
    } catch (error) {
      if (error instanceof PodTomlError) {
        return context.json({ error: error.message, issues: error.issues }, 400);
      }
      const there = error instanceof CodedError && error.code === "pod_exists";
      return context.json({ error: errorMessage(error) }, there ? 409 : 400);
    }
  });

  app.notFound((context) => context.json({ error: "there is nothing here" }, 404));
  app.onError((error, context) => context.json({ error: errorMessage(error) }, 500));
  return app;
}
