import type { SnapshotMessage } from "../dartc/mod.ts";
import type { HistoryMessage } from "./chat_types.ts";
import { isRole, isStatus } from "./message.ts";

/** How many messages of a snapshot are read, the newest: its frame holds no more of real ones. */
const MAX_SNAPSHOT_MESSAGES = 1_000;

/** How far back in our history its messages are looked for. */
const MAX_COMPARED_MESSAGES = 2_000;

/** Options of {@linkcode mergeSnapshot}. */
export interface MergeSnapshotOptions {
  /**
   * The Host sent the newest messages only, because the older ones did not fit.
   * @default false
   */
  readonly truncated?: boolean;
  /**
   * Ids of messages that stay whatever the Host knows: questions that are being answered.
   * @default none
   */
  readonly pinned?: ReadonlySet<string>;
  /** Makes an id for a message that has none. */
  newId(): string;
}

/**
 * The history after a `MESSAGES_SNAPSHOT`: what the Host remembers, as it remembers it, and of ours
 * what it cannot know: questions that failed, turns that it never got, and, of a snapshot that was
 * cut, the older turns (dartc.md, "Which messages a Host runs").
 *
 * A message that both know keeps our id, so that a list on the screen does not jump.
 */
export function mergeSnapshot(
  ours: readonly HistoryMessage[],
  snapshot: readonly SnapshotMessage[],
  options: MergeSnapshotOptions,
): HistoryMessage[] {
  const { truncated = snapshot.length > MAX_SNAPSHOT_MESSAGES, pinned = new Set<string>(), newId } =
    options;
  const theirs = snapshot.filter((message) => isRole(message.role)).slice(-MAX_SNAPSHOT_MESSAGES);
  // A Host that remembers a conversation without a turn has nothing to correct.
  if (theirs.length === 0) return [...ours];

  const pairs = align(ours, theirs);
  const merged: HistoryMessage[] = [];
  const used = new Set<string>();
  let ourNext = 0;

  function keepOurs(until: number, keepsAll: boolean): void {
    for (; ourNext < until; ourNext++) {
      const message = ours[ourNext];
      if (message === undefined) return;
      if (keepsAll || pinned.has(message.id) || failed(message) || failed(ours[ourNext + 1])) {
        used.add(message.id);
        merged.push(message);
      }
    }
  }

  theirs.forEach((message, index) => {
    const ourIndex = pairs.get(index);
    const known = ourIndex === undefined ? undefined : ours[ourIndex];
    if (ourIndex !== undefined) {
      keepOurs(ourIndex, truncated && index === 0);
      ourNext = ourIndex + 1;
    } else if (index === 0 && truncated && pairs.size === 0) {
      keepOurs(ours.length, true); // nothing in common: all of ours is older
    }
    const id = known?.id ?? (message.id !== undefined && !used.has(message.id) ? message.id : "");
    const next = asKnown(message, id === "" ? newId() : id, known);
    used.add(next.id);
    merged.push(next);
  });
  // Where the Host's last message is one of ours, what we have after it never reached the Host.
  keepOurs(ours.length, pairs.has(theirs.length - 1));
  return merged;
}

/** Whether a message is an answer that did not come to its end. */
function failed(message: HistoryMessage | undefined): boolean {
  return message !== undefined && message.role === "assistant" && message.status !== "done";
}

function asKnown(
  message: SnapshotMessage,
  id: string,
  known: HistoryMessage | undefined,
): HistoryMessage {
  const content = message.content ?? "";
  const role = isRole(message.role) ? message.role : "assistant";
  const status = isStatus(message.status) ? message.status : "done";
  if (known === undefined) return { id, role, content, status };
  // An answer that was cut here may be whole there; an older Host does not say how it ended.
  if (known.content.length >= content.length && !isStatus(message.status)) return known;
  const { error: _error, ...rest } = known;
  return { ...rest, content, status };
}

function same(ours: HistoryMessage, theirs: SnapshotMessage): boolean {
  if (ours.role !== theirs.role) return false;
  if (theirs.id !== undefined && theirs.id === ours.id) return true;
  const content = theirs.content ?? "";
  if (ours.content === content) return true;
  return failed(ours) && ours.content !== "" &&
    (content.startsWith(ours.content) || ours.content.startsWith(content));
}

/**
 * Which of theirs is which of ours, by index: the longest common subsequence. Both lists mostly
 * begin and end alike, so the table is small.
 */
function align(
  ours: readonly HistoryMessage[],
  theirs: readonly SnapshotMessage[],
): Map<number, number> {
  const pairs = new Map<number, number>();
  const matches = (our: number, their: number): boolean => {
    const one = ours[our];
    const other = theirs[their];
    return one !== undefined && other !== undefined && same(one, other);
  };
  let common = 0;
  while (matches(common, common)) pairs.set(common, common++);
  const firstOfOurs = Math.max(common, ours.length - MAX_COMPARED_MESSAGES);
  const rows = theirs.length - common;
  const columns = Math.max(0, ours.length - firstOfOurs);
  const table = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
  const at = (row: number, column: number): number => table[row]?.[column] ?? 0;
  const matchAt = (row: number, column: number) => matches(firstOfOurs + column, common + row);
  for (let row = rows - 1; row >= 0; row--) {
    const line = table[row];
    if (line === undefined) continue;
    for (let column = columns - 1; column >= 0; column--) {
      line[column] = matchAt(row, column)
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  for (let row = 0, column = 0; row < rows && column < columns;) {
    if (matchAt(row, column)) pairs.set(common + row++, firstOfOurs + column++);
    else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return pairs;
}
