import { errorMessage, type Logger } from "../base/mod.ts";
import type { DartcUiEvent } from "../dartc/mod.ts";

/** What happens to the Host as a whole. */
export type HostEventBody =
  | { readonly type: "host_ready"; readonly port: number }
  | { readonly type: "host_stopping" }
  | { readonly type: "pod_added" | "pod_removed"; readonly podId: string }
  | { readonly type: "provider_up"; readonly url: string }
  | { readonly type: "provider_down"; readonly url: string; readonly reason: string }
  | {
    readonly type: "queue_changed";
    readonly url: string;
    readonly running: number;
    readonly waiting: number;
  };

/** What happens to one pod. */
export type PodEventBody =
  | { readonly type: "pod_starting" | "pod_running" | "pod_stopped" | "pod_paused" }
  | { readonly type: "signal_connected" }
  | { readonly type: "signal_disconnected"; readonly reason: string }
  | { readonly type: "peer_joined" | "peer_left"; readonly peerId: string }
  | { readonly type: "pod_error"; readonly message: string };

/** What happens in a conversation. */
export type ConversationEventBody =
  & {
    readonly conversationId: string;
    /** The chat request that it belongs to, where there is one. */
    readonly runId?: string;
  }
  & (
    | { readonly type: "user"; readonly content: string }
    /** The whole answer, when it is over. */
    | ({ readonly type: "assistant"; readonly content: string; readonly status: string } & RunFacts)
    /** There is no answer, or not a whole one. */
    | ({ readonly type: "error"; readonly code: string; readonly message: string } & RunFacts)
    | {
      readonly type: "tool_call";
      readonly toolCallId: string;
      readonly name: string;
      readonly input: unknown;
    }
    | {
      readonly type: "tool_result";
      readonly toolCallId: string;
      readonly name: string;
      readonly output: unknown;
      readonly isError?: boolean;
      readonly durationMs?: number;
    }
    /** What the visitor's page is told while an answer streams, text in pieces of our own. */
    | { readonly type: "ui_event"; readonly event: DartcUiEvent }
  );

/** What is known of a run when it is over. */
interface RunFacts {
  readonly model?: string;
  /** From the question to the end, the wait for a place included. */
  readonly durationMs?: number;
}

/** When and as which one an event happened. */
interface Stamp {
  /** Grows by one an event, and from one start of a Host to the next. */
  readonly id: number;
  /** Unix milliseconds. */
  readonly timestamp: number;
}

/** One event, as the bus and the event stream carry it (host.md, "Loopback HTTP API"). */
export type HostEvent =
  | { readonly scope: "host"; readonly event: HostEventBody & Stamp }
  | { readonly scope: "pod"; readonly podId: string; readonly event: PodEventBody & Stamp }
  | {
    readonly scope: "conversation";
    readonly podId: string;
    readonly peerId: string;
    readonly event: ConversationEventBody & Stamp;
  };

/** An event before it has its stamp. */
export type NewHostEvent =
  | { readonly scope: "host"; readonly event: HostEventBody }
  | { readonly scope: "pod"; readonly podId: string; readonly event: PodEventBody }
  | {
    readonly scope: "conversation";
    readonly podId: string;
    readonly peerId: string;
    readonly event: ConversationEventBody;
  };

/** The name of an event. */
export type HostEventType = HostEvent["event"]["type"];

/**
 * Tells whoever asked what happens in a Host. Handlers run at once, in the order in which they
 * came; one that throws is logged and harms nobody.
 *
 * @example
 * ```ts
 * import { EventBus } from "./event_bus.ts";
 *
 * const bus = new EventBus();
 * const seen: string[] = [];
 * const off = bus.on("pod_added", ({ event }) => seen.push(event.type));
 * bus.emit({ scope: "host", event: { type: "pod_added", podId: "hello" } });
 * off();
 * bus.emit({ scope: "host", event: { type: "pod_added", podId: "other" } });
 * if (seen.length !== 1) throw new Error(`${seen.length} events`);
 * ```
 */
export class EventBus {
  readonly #handlers = new Map<HostEventType | "*", Set<(event: HostEvent) => void>>();
  readonly #log: Logger | undefined;
  readonly #now: () => number;
  #lastId: number;

  /** @param options.firstId the id of the first event; default 1 */
  constructor(options: { log?: Logger; now?: () => number; firstId?: number } = {}) {
    this.#log = options.log;
    this.#now = options.now ?? Date.now;
    this.#lastId = (options.firstId ?? 1) - 1;
  }

  /** Whether anybody would be told of such an event; saves the making of those that are many. */
  hears(type: HostEventType): boolean {
    return [type, "*" as const].some((key) => (this.#handlers.get(key)?.size ?? 0) > 0);
  }

  /** Calls `handler` with each event of a type, or with every one; returns what ends that. */
  on(type: HostEventType | "*", handler: (event: HostEvent) => void): () => void {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers.add(handler));
    return () => void handlers.delete(handler);
  }

  emit(event: NewHostEvent): void {
    const stamped = stamp(event, { id: ++this.#lastId, timestamp: this.#now() });
    for (const type of [event.event.type, "*"] as const) {
      for (const handler of [...this.#handlers.get(type) ?? []]) {
        try {
          handler(stamped);
        } catch (error) {
          this.#log?.error("event_handler_failed", { type, reason: errorMessage(error) });
        }
      }
    }
  }
}

function stamp(event: NewHostEvent, { id, timestamp }: Stamp): HostEvent {
  switch (event.scope) {
    case "host":
      return { ...event, event: { ...event.event, id, timestamp } };
    case "pod":
      return { ...event, event: { ...event.event, id, timestamp } };
    case "conversation":
      return { ...event, event: { ...event.event, id, timestamp } };
  }
}
