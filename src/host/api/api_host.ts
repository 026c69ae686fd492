import type { EventBus } from "../event_bus.ts";
import type { ModelList } from "../model/list_models.ts";
import type { QueueInfo } from "../model/provider.ts";
import type { LocalChatTaken, LocalQuestion } from "../pods/local_chat.ts";
import type { PeerListing } from "../pods/peer.ts";
import type { PodInfo } from "../pods/pod_runtime.ts";
import type { PodOverrides } from "../pods/served_pod.ts";
import type { ConversationStore, StoredMessage } from "../store/conversation_store.ts";

/** What `GET /api/v1/host` says. */
export interface HostInfo {
  readonly pid: number;
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly podCount: number;
}

/** What of a visitor the API needs. */
export interface ApiPeer {
  listing(): PeerListing;
  messages(): readonly StoredMessage[];
}

/** What of a pod the API needs. */
export interface ApiPod {
  info(): PodInfo;
  readonly peers: ReadonlyMap<string, ApiPeer>;
  chat(question: LocalQuestion): LocalChatTaken;
  localMessages(peerId: string): readonly StoredMessage[];
}

/** What of a Host the API needs. */
export interface ApiHost {
  readonly bus: EventBus;
  info(): HostInfo;
  /** Begins to stop; the answer to the request goes out before. */
  requestShutdown(): void;
  readonly registry: {
    get(podId: string): ApiPod | undefined;
    list(): readonly ApiPod[];
  };
  addPodFromDir(dir: string, overrides?: PodOverrides): Promise<string>;
  /** These are false where the pod is not served. */
  removePod(podId: string): Promise<boolean>;
  pausePod(podId: string): Promise<boolean>;
  resumePod(podId: string): Promise<boolean>;
  restartPod(podId: string): Promise<boolean>;
  /** Throws where the database cannot be read just now. */
  readonly conversations: Pick<ConversationStore, "list" | "count" | "messages" | "clear">;
  /** How busy each provider is. */
  queues(): QueueInfo[];
  /** Asks the model endpoint for its list. Never rejects. */
  models(): Promise<ModelList>;
}
