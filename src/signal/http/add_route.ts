import type { Context, Handler } from "hono";
import type { App, AppEnv } from "./app_env.ts";
import { HttpError } from "./http_error.ts";

/** What a path answers to, by method. `GET` answers `HEAD` too. */
export type Methods = Readonly<Partial<Record<"GET" | "POST", Handler<AppEnv>>>>;

/**
 * Adds a path. Other methods than these get 405 with those that it has (RFC 9110, 15.5.6), and
 * `OPTIONS` the same as an answer; to a preflight of another site's page that is a no.
 */
export function addRoute(app: App, path: string, methods: Methods): void {
  for (const [method, handler] of Object.entries(methods)) app.on(method, path, handler);
  const allow = [
    ...Object.keys(methods).flatMap((name) => name === "GET" ? ["GET", "HEAD"] : [name]),
    "OPTIONS",
  ].join(", ");
  app.options(path, (c: Context<AppEnv>) => c.body(null, 204, { allow }));
  app.all(path, (c: Context<AppEnv>) => {
    throw new HttpError(405, `${c.req.method} is not for this address: it takes ${allow}`, {
      allow,
    });
  });
}
