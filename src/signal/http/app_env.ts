import type { Context, Hono } from "hono";

/** What a request brings along beside itself. */
export interface AppEnv {
  Bindings: {
    /** What limits count the client by. */
    address: string;
    /**
     * The request's address as its client sees it, where a trusted proxy says so.
     * @default that of the request
     */
    url?: URL;
  };
}

/** The HTTP side of a broker, while its routes are added. */
export type App = Hono<AppEnv>;

/** The address of a request as its client sees it. */
export function clientUrl(c: Context<AppEnv>): URL {
  return c.env.url ?? new URL(c.req.url);
}
