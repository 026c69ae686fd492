import type { HistoryMessage } from "./chat_types.ts";

/**
 * One history out of two that were one: what this tab has, and what another tab left in storage.
 *
 * Nothing is lost because one side lacks it: only what is in `removed` is left out, so that two tabs
 * which write at the same moment keep the turns of both. Of a message that both have, ours counts,
 * unless theirs came further.
 *
 * @param removed ids of messages that somebody removed
 */
export function mergeTurns(
  ours: readonly HistoryMessage[],
  theirs: readonly HistoryMessage[],
  removed: ReadonlySet<string>,
): HistoryMessage[] {
  const kept = ours.filter(({ id }) => !removed.has(id));
  const added = theirs.filter(({ id }) => !removed.has(id));
  const theirIds = new Map(added.map((message) => [message.id, message]));
  const ourIds = new Set(kept.map(({ id }) => id));

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
 * then the turns, each whole, in the order in which they were asked; what follows another on one
 * side does so here.
 */
function between(
  ours: readonly HistoryMessage[] = [],
  theirs: readonly HistoryMessage[] = [],
): HistoryMessage[] {
  const [ourRest = [], ...ourTurns] = turnsOf(ours);
  const [theirRest = [], ...theirTurns] = turnsOf(theirs);
  const turns = [...timed(theirTurns), ...timed(ourTurns)]
    .toSorted((one, other) => one.askedAt - other.askedAt);
  return [...theirRest, ...ourRest, ...turns.flatMap(({ turn }) => turn)];
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

/** Turns with their times: none before the turn that it follows, as one that a Host told has none. */
function timed(turns: readonly HistoryMessage[][]) {
  let askedAt = 0;
  return turns.map((turn) => {
    askedAt = Math.max(askedAt, turn[0]?.createdAt ?? 0);
    return { turn, askedAt };
  });
}

/** A tab that was suspended in an answer may have an older version of it than storage. */
function further(ours: HistoryMessage, theirs: HistoryMessage): HistoryMessage {
  if (ours.status === "done") return ours;
  return theirs.status === "done" || theirs.content.length > ours.content.length ? theirs : ours;
}
