import { Observers } from "../../ui/observers.ts";
import { ApiFailure } from "../api/api_failure.ts";
import type { HostApi } from "../api/host_api.ts";
import { conversationList, type Peer, peerList, type StoredConversation } from "../api/schemas.ts";
import { Coalesced } from "./coalesced.ts";

/** Lists are fetched again at most so often while things happen, in milliseconds. */
const GAP_MS = 500;

/** The visitors and the conversations of the pod that is looked at, as they come and go. */
export class PodWatch {
  readonly changes = new Observers();
  readonly podId: string;
  readonly #api: HostApi;
  readonly #gone = new AbortController();
  readonly #refresh = new Coalesced(() => this.#fetch(), GAP_MS);
  #peers: readonly Peer[] = [];
  #conversations: readonly StoredConversation[] = [];
  #unlisted = 0;
  #loaded = false;

  constructor(podId: string, api: HostApi) {
    this.podId = podId;
    this.#api = api;
  }

  get peers(): readonly Peer[] {
    return this.#peers;
  }

  get conversations(): readonly StoredConversation[] {
    return this.#conversations;
  }

  /** How many older ones the Host remembers beside those. */
  get unlisted(): number {
    return this.#unlisted;
  }

  /** Whether the lists were ever fetched. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Something happened: the lists are fetched again. */
  refresh(): void {
    this.#refresh.request();
  }

  dispose(): void {
    this.#refresh.dispose();
    this.#gone.abort();
  }

  async #fetch(): Promise<void> {
    const path = `/pods/${encodeURIComponent(this.podId)}`;
    const { signal } = this.#gone;
    try {
      const [{ peers }, { conversations, total = 0 }] = await Promise.all([
        this.#api.request(`${path}/peers`, peerList, { signal }),
        this.#api.request(`${path}/conversations`, conversationList, { signal }),
      ]);
      this.#peers = peers;
      this.#conversations = conversations;
      this.#unlisted = Math.max(0, total - conversations.length);
      this.#loaded = true;
      this.changes.notify();
    } catch (error) {
      // Nobody there, or no such pod any more: the link and the list of pods say so.
      if (!(error instanceof ApiFailure)) throw error;
    }
  }
}
