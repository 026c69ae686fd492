import type { ChatRuntime } from "./runtime_port.ts";
import { fill, type Strings } from "./strings.ts";

/** The connection as a visitor sees it. */
export interface ConnectionView {
  state: "connecting" | "ready" | "offline" | "error";
  /** A few words for the header. */
  label: string;
  ownerVerified: boolean;
  /** Whether the machine is known to be the owner's, where there is one. */
  owner?: string;
  /** A sentence for people when something is wrong. */
  problem?: string;
}

/** What {@linkcode connectionView} needs to know beside the transport. */
export interface ConnectionContext {
  strings: Strings;
  /** The pod's name. */
  name: string;
  /** False only where the browser knows that there is no network. */
  online: boolean;
  /** There was a connection before. */
  wasReady: boolean;
  /** What was shown before. */
  before?: ConnectionView;
}

/**
 * What the header shows. A runtime that fails and tries again by itself stays `offline` while it
 * tries, so that nothing flickers; `error` is what no further attempt will change.
 */
export function connectionView(
  transport: ChatRuntime["transport"],
  context: ConnectionContext,
): ConnectionView {
  const { strings, name, online, wasReady, before } = context;
  const { status, error, attempt, retryAt, ownerVerified } = transport;
  if (status === "ready") {
    const owner = ownerVerified ? strings.ownerVerified : strings.ownerNotVerified;
    return {
      state: "ready",
      label: sourceLabel(transport, strings),
      ownerVerified,
      ...(!OWNERLESS.has(transport.name) && { owner }),
    };
  }
  const problem = error ? failureText(error, strings, name) : before?.problem;
  const rest = { ownerVerified: false, ...(problem !== undefined && { problem }) };
  if (!online) return { state: "offline", label: strings.noNetwork, ...rest };
  if (status === "idle" || status === "connecting") {
    if (attempt > 0) return { state: "offline", label: strings.offline, ...rest };
    const label = wasReady ? strings.reconnecting : strings.connecting;
    return { state: "connecting", label, ...rest };
  }
  return retryAt === undefined
    ? { state: "error", label: strings.failed, ...rest }
    : { state: "offline", label: strings.offline, ...rest };
}

/** Transports that do not end at the owner's machine. */
const OWNERLESS: ReadonlySet<string | undefined> = new Set(["fallback", "direct"]);

function sourceLabel(
  { name, dartcEvents }: ChatRuntime["transport"],
  strings: Strings,
): string {
  switch (name) {
    case "fallback":
      return strings.fromBrowser;
    case "direct":
      return strings.fromEndpoint;
    default: {
      // Of this connection: each begins with an offer.
      const way = dartcEvents.findLast(({ stage }) => stage === "relay" || stage === "dartc-offer");
      return way?.stage === "relay" ? strings.fromRelay : strings.fromOwner;
    }
  }
}

/** A sentence for the visitor. What is not known by its code is said in the sender's own words. */
export function failureText(
  failure: { code?: string; message: string },
  strings: Strings,
  name: string,
): string {
  const sentence = sentenceOf(failure.code, strings) ??
    (failure.message === "" ? strings.errorUnknown : failure.message);
  return fill(sentence, { name });
}

function sentenceOf(code: string | undefined, strings: Strings): string | undefined {
  switch (code) {
    case "origin_offline":
      return strings.errorOffline;
    case "broker_unreachable":
      return strings.errorNoBroker;
    case "disconnected":
      return strings.errorLost;
    case "model_unavailable":
      return strings.errorModel;
    case "chat_failed":
      return strings.errorChat;
    case "rate_limited":
      return strings.errorBusy;
    case "owner_mismatch":
    case "manifest_rejected":
    case "pod_mismatch":
      return strings.errorRefused;
    case "shutting_down":
      return strings.errorStopping;
    default:
      return undefined;
  }
}
