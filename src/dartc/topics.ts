/** The topics of DARTC v0.2 that this build reads or writes (dartc.md, "Topics"). */
export const TOPICS = {
  hello: "dartc.hello",
  ack: "dartc.ack",
  error: "dartc.error",
  ping: "dartc.ping",
  close: "dartc.close",
  discovery: "a2a.discovery",
  chatRequest: "gemmapod.chat.request",
  chatDelta: "gemmapod.chat.delta",
  chatDone: "gemmapod.chat.done",
  chatCancel: "gemmapod.chat.cancel",
  uiEvent: "gemmapod.ui.event",
} as const;

/** The patterns that our hellos and Agent Cards name. */
export const SUPPORTED_TOPICS: readonly string[] = [
  "dartc.*",
  "a2a.discovery",
  "gemmapod.chat.*",
  "gemmapod.ui.event",
];

/**
 * Whether a topic matches a pattern: `*` matches all, `a.b.*` what begins with `a.b.`, anything else
 * itself.
 *
 * @example
 * ```ts
 * import { topicMatches } from "./topics.ts";
 *
 * if (!topicMatches("orders.*", "orders.created")) throw new Error("must match");
 * if (topicMatches("orders.*", "orders")) throw new Error("must not match");
 * ```
 */
export function topicMatches(pattern: string, topic: string): boolean {
  if (pattern === "*") return true;
  return pattern.endsWith(".*") ? topic.startsWith(pattern.slice(0, -1)) : pattern === topic;
}

/** Whether a topic is the protocol's own, so that no application may send on it. */
export function isReservedTopic(topic: string): boolean {
  return topic.startsWith("dartc.") || topic.startsWith("gemmapod.");
}
