import { Observers } from "../../ui/observers.ts";
import type { HostEvent } from "../api/host_event.ts";

/** The page keeps so many entries; the Host's own event log keeps the rest. */
export const MAX_ACTIVITY = 500;

/** Of what somebody said, the beginning is enough to know it again. */
const MAX_SNIPPET = 160;

/** One line of what happened. */
export interface Activity {
  readonly id: number;
  /** Unix milliseconds. */
  readonly at: number;
  /** The event's type; a text of its own for each that is known. */
  readonly type: string;
  readonly podId?: string;
  /** What it was about: a reason, the beginning of a message, a tool's name. */
  readonly detail?: string;
  /** Whether an owner should look at it. */
  readonly isProblem: boolean;
}

/** What happened lately, newest first. */
export class ActivityLog {
  readonly changes = new Observers();
  #entries: readonly Activity[] = [];

  get entries(): readonly Activity[] {
    return this.#entries;
  }

  add(event: HostEvent): void {
    const entry = activityOf(event);
    if (entry === undefined) return;
    this.#entries = [entry, ...this.#entries.slice(0, MAX_ACTIVITY - 1)];
    this.changes.notify();
  }
}

/** The line for an event; undefined where it says nothing to an owner. */
export function activityOf(event: HostEvent): Activity | undefined {
  const { id, timestamp: at, type } = event.event;
  const common = { id, at, type, isProblem: false };
  switch (event.scope) {
    case "host": {
      const body = event.event;
      switch (body.type) {
        case "queue_changed":
          return undefined; // the queue is shown elsewhere, and changes with each question
        case "provider_down":
          return { ...common, isProblem: true, ...detail(body.reason) };
        case "pod_added":
        case "pod_removed":
          return { ...common, podId: body.podId };
        case "other":
          return { ...common, type: body.name };
      }
      break;
    }
    case "pod": {
      const body = event.event;
      const inPod = { ...common, podId: event.podId };
      switch (body.type) {
        case "signal_disconnected":
          return { ...inPod, isProblem: true, ...detail(body.reason) };
        case "pod_error":
          return { ...inPod, isProblem: true, detail: body.message };
        case "peer_joined":
        case "peer_left":
          return inPod;
        case "other":
          return { ...inPod, type: body.name };
      }
      break;
    }
    case "conversation": {
      const body = event.event;
      const inPod = { ...common, podId: event.podId };
      switch (body.type) {
        case "user":
        case "assistant":
          return { ...inPod, ...detail(snippet(body.content)) };
        case "tool_call":
        case "tool_result":
          return { ...inPod, detail: body.name };
        case "error":
          return { ...inPod, isProblem: true, detail: body.message };
        case "ui_event":
          return undefined; // a word of an answer
        case "other":
          return { ...inPod, type: body.name };
      }
    }
  }
}

function detail(text: string | undefined): { detail?: string } {
  return text === undefined || text === "" ? {} : { detail: text };
}

/** The beginning of a text, on one line. */
export function snippet(text: string): string {
  const start = text.slice(0, MAX_SNIPPET * 2).replace(/\s+/g, " ").trim();
  return start.length > MAX_SNIPPET ? `${start.slice(0, MAX_SNIPPET - 1)}…` : start;
}
