import { Hono } from "hono";
import { CodedError, errorMessage } from "../../base/mod.ts";
import type { App, AppEnv } from "./app_env.ts";
import { answerError } from "./error_answer.ts";
import { addFrontRoutes } from "./front_routes.ts";
import { HttpError } from "./http_error.ts";
import { addPageRoutes, notFound, type PageOptions } from "./page_routes.ts";
import { addStatusRoutes, type StatusOptions } from "./status_routes.ts";
import { addUploadRoute, type UploadOptions } from "./upload_route.ts";

/** What the routes of a broker serve from. */
export type AppOptions = PageOptions & StatusOptions & UploadOptions;

/** The HTTP side of a broker (spec: signaling.md "HTTP"), as a function from request to response. */
export function createApp(options: AppOptions): App {
  const { log } = options;
  const app = new Hono<AppEnv>();
  addFrontRoutes(app, options);
  addStatusRoutes(app, options);
  addUploadRoute(app, options);
  addPageRoutes(app, options);

  app.notFound((c) => answerError(c, notFound()));
  app.onError((error, c) => {
    if (error instanceof HttpError) return answerError(c, error);
    if (error instanceof CodedError && error.code === "bus_unreachable") {
      return answerError(c, new HttpError(503, error.message, { "retry-after": "5" }));
    }
    log.error("request_failed", { path: c.req.path, error: errorMessage(error) });
    return answerError(c, { status: 500, message: "The broker failed to answer", headers: {} });
  });
  return app;
}
