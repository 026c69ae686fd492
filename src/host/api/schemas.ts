import { z } from "zod";
import type { ModelList } from "../model/list_models.ts";
import type { PeerListing } from "../pods/peer.ts";
import type { PodInfo } from "../pods/pod_runtime.ts";

/*
 * What requests say and answers hold (host.md, "Loopback HTTP API"): requests are checked by these,
 * and the OpenAPI description is made from them.
 */

/** The names that schemas have in the OpenAPI description. */
export const components: z.core.$ZodRegistry<{ id: string }> = z.registry<{ id: string }>();

/** The longest question; even with every character escaped it is below the limit of a body. */
const MAX_QUESTION_CHARS = 64_000;

const ok = z.literal(true);
const count = z.int().min(0);
const milliseconds = z.int().min(0).describe("Unix milliseconds");

/** `{error}`. */
export const errorAnswer = z.object({
  error: z.string().describe("A sentence for the person who can act on it"),
  issues: z.array(z.object({ message: z.string() }).catchall(z.unknown())).optional()
    .describe("What is wrong with a pod.toml, one by one"),
}).register(components, { id: "Error" });

/** `GET /auth`. */
export const authAnswer = z.object({ token: z.string() }).register(components, { id: "Auth" });

/** `GET /api/v1/host`. */
export const hostInfo = z.object({
  pid: count,
  version: z.string(),
  startedAt: z.iso.datetime(),
  podCount: count,
}).register(components, { id: "Host" });

/** Where only the status counts. */
export const done = z.object({ ok }).register(components, { id: "Done" });

/** `GET /api/v1/queues`. */
export const queueList = z.object({
  queues: z.array(
    z.object({
      url: z.string().describe("The model endpoint"),
      running: count.describe("Answers that it is giving"),
      waiting: count.describe("Questions that wait for it"),
    }).register(components, { id: "Queue" }),
  ),
}).register(components, { id: "Queues" });

/** A pod as lists show it. */
export const pod: z.ZodType<PodInfo> = z.object({
  id: z.string(),
  name: z.string(),
  dir: z.string(),
  model: z.string().nullable(),
  signalUrl: z.string(),
  status: z.enum(["starting", "running", "error", "stopping", "stopped", "paused"]),
  peers: count,
  lastError: z.string().nullable(),
  signalState: z.enum([
    "connecting",
    "connected",
    "disconnected",
    "taken_over",
    "refused",
    "stopped",
  ]),
  signalLastError: z.string().nullable(),
}).register(components, { id: "Pod" });

/** `GET /api/v1/pods`. */
export const podList = z.object({ pods: z.array(pod) }).register(components, { id: "Pods" });

/** `POST /api/v1/pods`. */
export const newPod = z.object({
  dir: z.string().min(1).max(4_096).describe("The pod's folder on this machine"),
  model: z.string().min(1).max(256).optional().describe("In place of the model of its pod.toml"),
}).register(components, { id: "NewPod" });

/** `POST /api/v1/pods`, answered. */
export const podAdded = z.object({ ok, podId: z.string(), model: z.string().nullable() })
  .register(components, { id: "PodAdded" });

/** `POST …/stop` and the like, answered. */
export const podChanged = z.object({
  ok,
  podId: z.string(),
  status: z.enum(["starting", "running", "error", "stopping", "stopped", "paused"]),
}).register(components, { id: "PodChanged" });

const peer: z.ZodType<PeerListing> = z.object({
  id: z.string(),
  conversationId: z.string().nullable(),
  connectedAt: milliseconds,
  visitor: z.string().nullable().describe("The public key of its session"),
  manifestOk: z.boolean(),
  runs: count.describe("Answers that it is being given or waits for"),
}).register(components, { id: "Peer" });

/** `GET …/peers`. */
export const peerList = z.object({ peers: z.array(peer) }).register(components, { id: "Peers" });

const message = z.object({
  id: z.string(),
  role: z.enum(["user", "assistant"]),
  content: z.string(),
  status: z.enum(["done", "cut", "cancelled", "error"]),
  createdAt: milliseconds,
}).register(components, { id: "Message" });

/** `GET …/messages`. */
export const messageList = z.object({ messages: z.array(message).describe("Oldest first") })
  .register(components, { id: "Messages" });

const conversation = z.object({
  conversationId: z.string(),
  createdAt: milliseconds,
  updatedAt: milliseconds,
  messages: count.describe("How many"),
}).register(components, { id: "Conversation" });

/** `GET …/conversations`. */
export const conversationList = z.object({
  conversations: z.array(conversation).describe("The one that was active last first"),
  total: count.describe("How many are remembered"),
}).register(components, { id: "Conversations" });

/** `POST …/chat`. */
export const question = z.object({
  message: z.string().min(1).max(MAX_QUESTION_CHARS),
  peerId: z.string().regex(/^[A-Za-z0-9_.:-]{1,100}$/).optional()
    .describe("Which of your own conversations; one of your choice. Default: the dashboard's"),
}).register(components, { id: "Question" });

/** `POST …/chat`, answered. */
export const chatTaken = z.object({
  ok,
  requestId: z.string(),
  peerId: z.string(),
  conversationId: z.string().describe("Begins with `local:`"),
}).register(components, { id: "ChatTaken" });

/** `GET …/data`. */
export const dataList = z.object({
  files: z.array(z.object({ name: z.string(), bytes: count, modifiedAt: milliseconds })),
}).register(components, { id: "DataFiles" });

/** A data file: any JSON object. */
export const dataObject = z.looseObject({})
  .register(components, { id: "DataObject" });

/** `PUT …/data/:filename`, answered. */
export const dataWritten = z.object({ ok, name: z.string() })
  .register(components, { id: "DataWritten" });

/** `GET /api/v1/models`. */
export const modelList: z.ZodType<ModelList> = z.object({
  url: z.string(),
  connected: z.boolean(),
  format: z.enum(["openai", "ollama"]),
  models: z.array(z.string()).readonly(),
}).register(components, { id: "Models" });

/** What is in the `data` of each event of a stream. */
export const streamedEvent = z.object({
  scope: z.enum(["host", "pod", "conversation"]),
  podId: z.string().optional(),
  peerId: z.string().optional(),
  event: z.looseObject({ id: count, type: z.string(), timestamp: milliseconds }),
}).register(components, { id: "StreamedEvent" });
