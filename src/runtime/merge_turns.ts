import type { HistoryMessage } from "./chat_types.ts";

/**
 * One history out of two that were one: what this tab has, and what another tab left in storage.
 *
 * `base` holds the ids of what both had when they last were the same: a message that only one side
 * has is new where `base` lacks it, and was removed by the other where `base` has it. Of a message
 * that both have, ours counts, unless theirs came further. Storage that was cut to fit (`trimmed`) has removed nothing.
 */
export function mergeTurns(
  base: ReadonlySet<string>,
  ours: readonly HistoryMessage[],
  theirs: readonly HistoryMessage[],
  options: { readonly trimmed?: boolean } = {},
): HistoryMessage[] {
  const theirIds = new Map(theirs.map((message) => [message.id, message]));
  const kept = options.trimmed === true
    ? ours
    : ours.filter((message) => theirIds.has(message.id) || !base.has(message.id));
  const ourIds = new Set(kept.map((message) => message.id));
  const added = theirs.filter((message) => ourIds.has(message.id) || !base.has(message.id));

  const ourSegments = segments(kept, theirIds);
  const theirSegments = segments(added, ourIds);
  const merged = between(ourSegments.get(undefined), theirSegments.get(undefined));
  for (const message of kept) {
    const theirVersion = theirIds.get(message.id);
    if (theirVersion === undefined) continue;
    merged.push(
      further(message, theirVersion),
      ...between(ourSegments.get(message.id), theirSegments.get(message.id)),
    );
  }
  return merged;
}

type Segments = Map<string | undefined, HistoryMessage[]>;

/** What stands behind each common message, by its id; undefined is the beginning. */
function segments(
  messages: readonly HistoryMessage[],
  common: { has(id: string): boolean },
): Segments {
  const all: Segments = new Map();
  let anchor: string | undefined;
  for (const message of messages) {
    if (common.has(message.id)) {
      anchor = message.id;
      continue;
    }
    const segment = all.get(anchor) ?? [];
    segment.push(message);
    all.set(anchor, segment);
  }
  return all;
}

/**
 * What both sides have between two common messages: first what belongs to the question before,
 * then the turns, each whole, in the order in which they were asked.
 */
function between(
  ours: readonly HistoryMessage[] = [],
  theirs: readonly HistoryMessage[] = [],
): HistoryMessage[] {
  const [ourRest = [], ...ourTurns] = turnsOf(ours);
  const [theirRest = [], ...theirTurns] = turnsOf(theirs);
  const turns = [...theirTurns, ...ourTurns].toSorted((one, other) =>
    askedAt(one) - askedAt(other)
  );
  return [...theirRest, ...ourRest, ...turns.flat()];
}

/** Turns, each from its question on; first what comes before the first question. */
function turnsOf(messages: readonly HistoryMessage[]): HistoryMessage[][] {
  const turns: HistoryMessage[][] = [[]];
  for (const message of messages) {
    if (message.role === "user") turns.push([message]);
    else turns.at(-1)?.push(message);
  }
  return turns;
}

function askedAt(turn: readonly HistoryMessage[]): number {
  return turn[0]?.createdAt ?? 0;
}

/** A tab that was suspended in an answer may have an older version of it than storage. */
function further(ours: HistoryMessage, theirs: HistoryMessage): HistoryMessage {
  if (ours.status === "done") return ours;
  return theirs.status === "done" || theirs.content.length > ours.content.length ? theirs : ours;
}
