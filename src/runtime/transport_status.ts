import type { GemmaPodRuntime } from "./runtime_types.ts";
import type { RuntimeTransportState } from "./transport_types.ts";

/** A connection in three words. */
export interface TransportStatusSummary {
  readonly phase: RuntimeTransportState["status"];
  /** Undefined before one was chosen. */
  readonly transportName: string | undefined;
  /** A sentence for the visitor. */
  readonly detail: string;
}

/** Where a runtime's connection stands, for a status line (seed 003, section 2). */
export function quickTransportStatus(
  runtime: Pick<GemmaPodRuntime, "transport">,
): TransportStatusSummary {
  const state = runtime.transport;
  return { phase: state.status, transportName: state.name, detail: detailOf(state) };
}

function detailOf(state: RuntimeTransportState): string {
  switch (state.status) {
    case "idle":
      return "Not connected yet";
    case "connecting":
      return state.error === undefined ? "Connecting" : "Connecting again";
    case "ready":
      return READY[state.name ?? ""] ?? `Connected through ${state.name}`;
    case "error":
      return state.error?.message ?? "Not connected";
    case "destroyed":
      return "Closed";
  }
}

const READY: Readonly<Record<string, string>> = {
  dartc: "Connected to the owner's machine",
  fallback: "Answers come from this browser",
  direct: "Connected to a local endpoint",
};
