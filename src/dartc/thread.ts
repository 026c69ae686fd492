import type { ChatMessage } from "./chat_message.ts";

/** What {@linkcode mergeThread} needs to know of a message that a Host remembers. */
export interface ThreadMessage {
  readonly role: string;
  readonly content: string;
}

/** A message that a model reads. */
export interface RunMessage {
  role: "user" | "assistant";
  content: string;
}

/** What a chat request does to a conversation. */
export interface MergedThread<S> {
  /** What this run reads, oldest first; the Host puts its own system prompt before it. */
  run: RunMessage[];
  /** What is to be stored after the rows that stay, before the run's own answer. */
  append: RunMessage[];
  /** The remembered rows that the visitor went back on: kept, and marked. */
  superseded: S[];
}

/**
 * Which messages a Host runs, and which it stores (dartc.md, "One chat run, in order").
 *
 * A visitor's system messages, and everything else that is neither a question nor an answer, are
 * discarded. Where more than one is left, or nothing is remembered, the visitor's list is what runs;
 * else the remembered list and the new one. Stored is what follows the last turn that both lists
 * share; where they part, the Host's later rows are superseded. So what stays and what is appended
 * is what the visitor sees, and before it the older turns that the visitor's list had no room for.
 *
 * @param stored the conversation as remembered, oldest first, without rows superseded earlier
 * @param received the messages of the request
 *
 * @example The visitor asks the second question again, in other words
 * ```ts
 * import { mergeThread } from "./thread.ts";
 *
 * const q1 = { role: "user", content: "Hi" } as const;
 * const a1 = { role: "assistant", content: "Hello!" } as const;
 * const q2 = { role: "user", content: "Who?" } as const;
 * const a2 = { role: "assistant", content: "A pod." } as const;
 * const other = { role: "user", content: "Who are you?" } as const;
 *
 * const { append, superseded } = mergeThread([q1, a1, q2, a2], [q1, a1, other]);
 * if (append.length !== 1 || superseded.length !== 2) throw new Error("wrong turn");
 * ```
 */
export function mergeThread<S extends ThreadMessage>(
  stored: readonly S[],
  received: readonly ChatMessage[],
): MergedThread<S> {
  const sent = received.flatMap(asRunMessage);
  const rows = stored.flatMap((row, index) => asRunMessage(row).map((turn) => ({ turn, index })));
  const remembered = rows.map((row) => row.turn);
  if (sent.length <= 1 && remembered.length > 0) {
    return { run: [...remembered, ...sent], append: sent, superseded: [] };
  }
  const shared = sharedTurns(remembered, sent);
  const lastShared = rows[shared.storedEnd - 1]?.index ?? -1;
  return {
    run: sent,
    append: sent.slice(shared.sentEnd),
    superseded: stored.slice(lastShared + 1),
  };
}

function asRunMessage({ role, content }: ThreadMessage): RunMessage[] {
  return role === "user" || role === "assistant" ? [{ role, content }] : [];
}

/**
 * One turn alone may be in two lists by chance ("hi"). Where the visitor's list begins with turns
 * that the Host does not have, only a question with its answer says that the rest is the same.
 */
const ONE_EXCHANGE = 2;

/** Where the shared turns end in both lists; 0 in both where there are none. */
interface SharedTurns {
  storedEnd: number;
  sentEnd: number;
}

/**
 * The longest run of turns that both lists share and with which one of them begins: the visitor's
 * list is cut at its old end where it did not fit a frame, the Host's where rows were deleted. Of
 * two runs as long the one where both lists begin wins (nothing was cut), then the newest.
 */
function sharedTurns(stored: readonly RunMessage[], sent: readonly RunMessage[]): SharedTurns {
  const names = new Map<string, number>(); // equal turns get equal numbers, which compare fast
  const number = (turn: RunMessage): number => {
    const name = `${turn.role} ${turn.content}`;
    const known = names.get(name) ?? names.size;
    names.set(name, known);
    return known;
  };
  const storedNumbers = stored.map(number);
  const sentNumbers = sent.map(number);

  const inStored = longestRun(sentNumbers, storedNumbers);
  const inSent = longestRun(storedNumbers, sentNumbers);
  return inStored.length >= inSent.length || inSent.length < ONE_EXCHANGE
    ? { storedEnd: inStored.start + inStored.length, sentEnd: inStored.length }
    : { storedEnd: inSent.length, sentEnd: inSent.start + inSent.length };
}

/** Where in `text` the longest beginning of `pattern` stands; at 0 if possible, else last. */
function longestRun(pattern: readonly number[], text: readonly number[]) {
  const SEPARATOR = -1; // no turn has this number
  const lengths = commonPrefixes([...pattern, SEPARATOR, ...text]);
  let best = { start: 0, length: lengths[pattern.length + 1] ?? 0 };
  for (let start = 1; start < text.length; start++) {
    const length = lengths[pattern.length + 1 + start] ?? 0;
    if (length > best.length || (length === best.length && best.start > 0)) {
      best = { start, length };
    }
  }
  return best.length === 0 ? { start: 0, length: 0 } : best;
}

/**
 * For each place of a list, how many of its items equal those at its beginning (the Z-function), in
 * time linear in the list: a visitor chooses both, so comparing each place anew will not do.
 */
function commonPrefixes(list: readonly number[]): number[] {
  const lengths = new Array<number>(list.length).fill(0);
  let left = 0;
  let right = 0; // list[left..right) equals list[0..right - left)
  for (let i = 1; i < list.length; i++) {
    let length = i < right ? Math.min(right - i, lengths[i - left] ?? 0) : 0;
    while (i + length < list.length && list[length] === list[i + length]) length++;
    lengths[i] = length;
    if (i + length > right) {
      left = i;
      right = i + length;
    }
  }
  return lengths;
}
