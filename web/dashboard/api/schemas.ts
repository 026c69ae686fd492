import * as z from "zod/mini";

/*
 * What the loopback API answers (host.md, "Loopback HTTP API"), as far as the page reads it. States
 * are plain texts here: a Host may know more of them than this page.
 */

/** `GET /auth`. */
export const authAnswer = z.object({ token: z.string() });

/** `GET /api/v1/host`. */
export const hostInfo = z.object({
  pid: z.number(),
  version: z.string(),
  startedAt: z.string(),
  podCount: z.number(),
});
export type HostInfo = z.infer<typeof hostInfo>;

/** `GET /api/v1/queues`. */
export const queueList = z.object({
  queues: z.array(z.object({ url: z.string(), running: z.number(), waiting: z.number() })),
});

const pod = z.object({
  id: z.string(),
  name: z.string(),
  dir: z.string(),
  model: z.nullable(z.string()),
  signalUrl: z.string(),
  status: z.string(),
  peers: z.number(),
  lastError: z.nullable(z.string()),
  signalState: z.string(),
  signalLastError: z.nullable(z.string()),
});
/** A pod, as lists show it. */
export type Pod = z.infer<typeof pod>;

/** `GET /api/v1/pods`. */
export const podList = z.object({ pods: z.array(pod) });

/** `POST /api/v1/pods`. */
export const podAdded = z.object({ podId: z.string() });

/** A moment, in Unix milliseconds, however it came. */
const moment = z.pipe(
  z.union([z.number(), z.string()]),
  z.transform((value) => typeof value === "number" ? value : Date.parse(value) || 0),
);

const peer = z.object({
  id: z.string(),
  conversationId: z.nullish(z.string()),
  connectedAt: z.optional(moment),
  /** Answers that it is being given or waits for. */
  runs: z.optional(z.number()),
});
/** A visitor that is connected. */
export type Peer = z.infer<typeof peer>;

/** `GET …/peers`. */
export const peerList = z.object({ peers: z.array(peer) });

const message = z.object({
  id: z.string(),
  role: z.string(),
  content: z.string(),
  status: z.string(),
});
/** A message as it is kept. */
export type StoredMessage = z.infer<typeof message>;

/** `GET …/messages`. */
export const messageList = z.object({ messages: z.array(message) });

const conversation = z.object({
  conversationId: z.string(),
  createdAt: moment,
  updatedAt: moment,
  messages: z.number(),
});
/** A conversation that is remembered. */
export type StoredConversation = z.infer<typeof conversation>;

/** `GET …/conversations`. */
export const conversationList = z.object({
  conversations: z.array(conversation),
  /** How many there are; the list has the newest of them. */
  total: z.optional(z.number()),
});

const modelName = z.pipe(
  z.union([z.string(), z.object({ name: z.string() }), z.object({ id: z.string() })]),
  z.transform((model) =>
    typeof model === "string" ? model : "name" in model ? model.name : model.id
  ),
);

/** `GET /api/v1/models`. */
export const modelList = z.object({
  url: z.string(),
  connected: z.boolean(),
  format: z.string(),
  models: z.array(modelName),
});
export type ModelList = z.infer<typeof modelList>;

/** Where only the status counts. */
export const anything = z.unknown();

/** What an error says. */
export const errorAnswer = z.object({
  error: z.string(),
  issues: z.optional(z.array(z.object({ message: z.string() }))),
});
