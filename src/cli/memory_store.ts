import { CodedError } from "../base/mod.ts";
import {
  type ConversationStore,
  type ConversationSummary,
  openSqliteStore,
} from "../host/native.ts";
import { refuseMistyped } from "./known_pods.ts";
import { databaseOf, openedDatabase, podIdOfName } from "./pod_memory.ts";

/** Every message of a conversation: the store gives the newest of a number. */
export const ALL_MESSAGES = Number.MAX_SAFE_INTEGER;

/** What is remembered of one pod. */
export interface PodMemory extends Disposable {
  readonly podId: string;
  /** Undefined where there is no database yet. */
  readonly store: ConversationStore | undefined;
  readonly conversations: readonly ConversationSummary[];
}

/**
 * Opens what is remembered of the pod that a person named, with a Host that runs or without.
 *
 * Rejects with {@linkcode CodedError} `no_database`, or `no_such_pod` for a name that was mistyped.
 */
export async function openPodMemory(name: string, database?: string): Promise<PodMemory> {
  const [podId, path] = await Promise.all([podIdOfName(name), databaseOf(database)]);
  using open = new DisposableStack();
  const store = path === undefined
    ? undefined
    : open.use(openedDatabase(path, (path) => openSqliteStore({ path })));
  const conversations = store?.list(podId) ?? [];
  if (conversations.length === 0) await refuseMistyped(name, path);
  const owned = open.move();
  return { podId, store, conversations, [Symbol.dispose]: () => owned.dispose() };
}

/**
 * The conversation of an id, or of how only one id begins, as the log shows it.
 *
 * Throws {@linkcode CodedError} `no_conversation` or `ambiguous`.
 */
export function conversationOf(
  { podId, conversations }: Pick<PodMemory, "podId" | "conversations">,
  idOrStart: string,
): ConversationSummary {
  const exact = conversations.find(({ conversationId }) => conversationId === idOrStart);
  if (exact !== undefined) return exact;
  const found = conversations.filter(({ conversationId }) => conversationId.startsWith(idOrStart));
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  throw only === undefined
    ? new CodedError(
      "no_conversation",
      `Pod ${podId} has no conversation ${idOrStart}: \`gemmapod memory list ${podId}\` shows them`,
    )
    : new CodedError(
      "ambiguous",
      `${found.length} conversations of pod ${podId} begin with ${idOrStart}: write more of the id`,
    );
}
