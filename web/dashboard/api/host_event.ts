import * as z from "zod/mini";
import { type DartcUiEvent, readUiEvent, UI_EVENT_SCHEMA } from "../../../src/dartc/mod.ts";

const stamp = { id: z.number(), timestamp: z.number() };

/** A type that this page does not know. */
const other = z.pipe(
  z.object({ ...stamp, type: z.string() }),
  z.transform(({ id, timestamp, type }) => ({ id, timestamp, type: "other" as const, name: type })),
);

const hostBody = z.union([
  z.object({
    ...stamp,
    type: z.literal("queue_changed"),
    url: z.string(),
    running: z.number(),
    waiting: z.number(),
  }),
  z.object({
    ...stamp,
    type: z.literal("provider_down"),
    url: z.string(),
    reason: z.optional(z.string()),
  }),
  z.object({ ...stamp, type: z.enum(["pod_added", "pod_removed"]), podId: z.string() }),
  other,
]);

const podBody = z.union([
  z.object({
    ...stamp,
    type: z.literal("signal_disconnected"),
    reason: z.optional(z.string()),
  }),
  z.object({ ...stamp, type: z.enum(["peer_joined", "peer_left"]), peerId: z.string() }),
  z.object({ ...stamp, type: z.literal("pod_error"), message: z.string() }),
  other,
]);

const inConversation = {
  ...stamp,
  conversationId: z.string(),
  /** The chat request that it belongs to. */
  runId: z.optional(z.string()),
};

const tool = { ...inConversation, toolCallId: z.string(), name: z.string() };

const conversationBody = z.union([
  z.object({ ...inConversation, type: z.literal("user"), content: z.string() }),
  z.object({
    ...inConversation,
    type: z.literal("assistant"),
    content: z.string(),
    status: z.string(),
  }),
  z.object({ ...tool, type: z.literal("tool_call"), input: z.unknown() }),
  z.object({ ...tool, type: z.literal("tool_result"), output: z.unknown() }),
  z.object({
    ...inConversation,
    type: z.literal("error"),
    code: z.string(),
    message: z.string(),
  }),
  z.object({ ...inConversation, type: z.literal("ui_event"), event: z.unknown() }),
  other,
]);

const hostEvent = z.discriminatedUnion("scope", [
  z.object({ scope: z.literal("host"), event: hostBody }),
  z.object({ scope: z.literal("pod"), podId: z.string(), event: podBody }),
  z.object({
    scope: z.literal("conversation"),
    podId: z.string(),
    peerId: z.string(),
    event: conversationBody,
  }),
]);

/** An event of the Host's stream. One that this page does not know by its type is `other`. */
export type HostEvent = z.infer<typeof hostEvent>;

/** What happens in a conversation. */
export type ConversationEvent = Extract<HostEvent, { scope: "conversation" }>;

/** Reads the `data` of a server-sent event; undefined where it is none of the Host's events. */
export function parseHostEvent(data: string): HostEvent | undefined {
  try {
    const read = hostEvent.safeParse(JSON.parse(data));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** The UI event in a `ui_event`; undefined where it is none that this page knows. */
export function uiEventOf(event: unknown, threadId: string): DartcUiEvent | undefined {
  const read = readUiEvent({ schema: UI_EVENT_SCHEMA, event }, threadId);
  return read.kind === "known" ? read.event : undefined;
}
