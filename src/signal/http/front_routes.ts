import { createHash } from "node:crypto";
import { addRoute } from "./add_route.ts";
import { type App, clientUrl } from "./app_env.ts";
import { namedTag } from "./entity_tag.ts";
import { frontPage, pageLanguage } from "./front_page.ts";
import { peoplePageHeaders } from "./people_page.ts";
import type { StatusOptions } from "./status_routes.ts";

/** Pages lie under names that nobody guesses, and are their owners' to publish. */
const ROBOTS = "User-agent: *\nAllow: /$\nDisallow: /\n";

/** Two who meet: the broker's sign. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">` +
  `<rect width="32" height="32" rx="7" fill="#1c1b19"/>` +
  `<g fill="none" stroke-width="3"><circle cx="12" cy="16" r="6" stroke="#fbfaf8"/>` +
  `<circle cx="20" cy="16" r="6" stroke="#8ab9f4"/></g></svg>`;

const DAY_S = 86_400;

/** `GET /` for people, and what browsers and robots ask every site for. */
export function addFrontRoutes(app: App, status: StatusOptions): void {
  addRoute(app, "/", {
    GET(c) {
      const page = frontPage({
        lang: pageLanguage(c.req.header("accept-language")),
        origin: clientUrl(c).origin,
        origins: status.counts.origins,
        sessions: status.counts.sessions,
        version: status.version,
      });
      const etag = `"${createHash("sha256").update(page).digest("base64url")}"`;
      const headers = {
        ...peoplePageHeaders(),
        etag,
        "cache-control": "public, max-age=10",
        "vary": "accept-language",
      };
      if (namedTag([etag], c.req.header("if-none-match"))) return c.body(null, 304, headers);
      return c.body(page, 200, headers);
    },
  });

  addRoute(app, "/robots.txt", {
    GET: (c) => c.body(ROBOTS, 200, small("text/plain; charset=utf-8")),
  });

  addRoute(app, "/favicon.ico", {
    GET: (c) => c.body(ICON, 200, small("image/svg+xml")),
  });
}

function small(type: string): Record<string, string> {
  return {
    "content-type": type,
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": `public, max-age=${DAY_S}`,
  };
}
