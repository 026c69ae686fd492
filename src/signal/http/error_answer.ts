import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { AppEnv } from "./app_env.ts";
import { escapeHtml, peoplePage, peoplePageHeaders } from "./people_page.ts";

/** What went wrong, for whoever asked. */
export interface ErrorAnswer {
  readonly status: ContentfulStatusCode;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Says what went wrong: as `{error}` to programs, as a small page to people. */
export function answerError(c: Context<AppEnv>, error: ErrorAnswer): Response {
  const { status, message } = error;
  const headers = { ...error.headers, "cache-control": "no-store" };
  if (!wantsPage(c)) {
    return c.json({ error: message }, status, {
      ...headers,
      "access-control-allow-origin": "*",
      "x-content-type-options": "nosniff",
    });
  }
  const page = peoplePage({
    lang: "en",
    title: message,
    body: `<p class="eyebrow">${status}</p>
<h1>${escapeHtml(message)}</h1>
<p><a href="/">What is this place?</a></p>`,
  });
  return c.html(page, status, { ...headers, ...peoplePageHeaders() });
}

/** Browsers ask for HTML by name when a person goes somewhere; programs do not. */
function wantsPage(c: Context<AppEnv>): boolean {
  return (c.req.header("accept") ?? "").toLowerCase().includes("text/html");
}
