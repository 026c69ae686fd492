/** What a peer may understand beyond v0.2 and names in its hello (dartc.md, "Features"). */
export type Feature =
  | "chat.cancel"
  | "chat.reasoning"
  | "chat.single"
  | "flow.ack"
  | "dartc.ping"
  | "dartc.close"
  | "owner.proof"
  | "relay.sealed";

/** What this build understands and so names in its hello, where a session is not told otherwise. */
export const SUPPORTED_FEATURES: readonly Feature[] = [
  "chat.cancel",
  "chat.reasoning",
  "chat.single",
  "flow.ack",
  "dartc.ping",
  "dartc.close",
];
