import type { ClientMessage } from "../../signaling/mod.ts";
import { Histogram } from "./histogram.ts";

/** Where a Host across the world takes 0.3 s; a browser that is asked for permission, minutes. */
const ANSWER_BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** A page of 100 KiB takes milliseconds, one of 50 MiB over a home line minutes. */
const UPLOAD_BOUNDS_S = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

/**
 * What a broker counts. Plain numbers that are added to in place, so that counting costs nothing
 * that anybody would notice; the text is made when it is asked for (`exposition.ts`).
 *
 * Every label has a fixed set of values: nothing that a client sends becomes one.
 */
export class Metrics {
  /** WebSockets that were opened. */
  sockets = 0;
  /** What clients said, by type. */
  readonly messages: Record<ClientMessage["t"] | "unreadable", number> = {
    register: 0,
    offer: 0,
    answer: 0,
    candidate: 0,
    error: 0,
    ping: 0,
    pong: 0,
    unreadable: 0,
  };
  /** What became of registrations. */
  readonly registrations = { registered: 0, replaced: 0, refused: 0 };
  /** What became of offers when they came. */
  readonly offers = { relayed: 0, offline: 0, refused: 0 };
  /** How sessions ended that never got an answer. */
  readonly unanswered = { refused: 0, expired: 0, visitor_left: 0, origin_left: 0 };
  /** Messages that were answered with an error, by why. */
  readonly refusals = {
    unreadable: 0,
    wrong_role: 0,
    unknown_session: 0,
    session_in_use: 0,
    already_answered: 0,
    not_admitted: 0,
    over_limit: 0,
  };
  /** Lines that the broker closed itself, by why. */
  readonly closed = { replaced: 0, claimed: 0, silent: 0, stopping: 0, limit: 0, other: 0 };
  /** From an offer that was relayed to its answer. */
  readonly answerSeconds = new Histogram(ANSWER_BOUNDS_S);

  /** What became of uploads. */
  readonly uploads = {
    stored: 0,
    known: 0,
    bad_page: 0,
    too_large: 0,
    wrong_type: 0,
    rate_limited: 0,
    timed_out: 0,
    busy: 0,
    no_room: 0,
    refused: 0,
    failed: 0,
  };
  /** Of uploads that were taken in. */
  readonly uploadSeconds = new Histogram(UPLOAD_BOUNDS_S);
  /** Bytes of pages that were stored. */
  uploadBytes = 0;
  /** Bytes of pages that were answered with. */
  pageBytes = 0;
  /** Answered requests, by route and status. */
  readonly requests = new Map<Route, Map<number, number>>();

  /** Lines of the log that were left out, because there were too many of their kind. */
  logLinesDropped = 0;

  /** Counts an answered request. */
  countRequest(route: Route, status: number): void {
    let statuses = this.requests.get(route);
    if (statuses === undefined) this.requests.set(route, statuses = new Map<number, number>());
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
}

/** What a request was for. */
export type Route =
  | "front"
  | "health"
  | "metrics"
  | "signal"
  | "upload"
  | "page"
  | "meta"
  | "other";

/** What the path of a request is for. */
export function routeOf(method: string, path: string): Route {
  switch (path) {
    case "/":
      return "front";
    case "/health":
      return "health";
    case "/metrics":
      return "metrics";
    case "/signal":
      return "signal";
    case "/pods":
      return method === "POST" ? "upload" : "other";
  }
  if (/^\/[A-Za-z0-9_-]{12}$/.test(path)) return "page";
  return /^\/[A-Za-z0-9_-]{12}\/meta$/.test(path) ? "meta" : "other";
}
