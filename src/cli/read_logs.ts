import { setTimeout as sleep } from "node:timers/promises";
import { oneLine, print, warn } from "../base/native.ts";
import { onStopSignal, openEventLog, type ReadEvent } from "../host/native.ts";
import { refuseMistyped } from "./known_pods.ts";
import type { LogsOptions } from "./logs.ts";
import { timeText } from "./output.ts";
import { databaseOf, openedDatabase, podIdOfName } from "./pod_memory.ts";

/** How often a log that is followed is looked at, in milliseconds. */
const LOOK_MS = 250;

/** How many new events one look takes, so that a log that was long unwatched is read in parts. */
const MOST_A_LOOK = 10_000;

/** Characters of an id that are shown: the whole is the key to a history (host.md). */
const SHOWN_OF_ID = 6;

/** `gemmapod logs`: with a Host that runs or without one. */
export async function readLogs(pod: string, options: LogsOptions): Promise<void> {
  const stop = new AbortController();
  using _signals = onStopSignal(() => stop.abort());
  const podId = await podIdOfName(pod);
  const path = await databaseOf(options.db, options.follow ? "make" : "leave");
  if (path === undefined) {
    await refuseMistyped(pod, path);
    return sayNothingOf(pod);
  }
  using log = openedDatabase(path, (path) => openEventLog(path));
  if (log.read({ podId, newest: 1 }).length === 0) await refuseMistyped(pod, path);
  const lineOf = options.json ? jsonLine : textLine;
  let after = 0;
  const show = (newest: number) => {
    const events = log.read({ podId, after, newest });
    for (const event of events) print(lineOf(event));
    after = events.at(-1)?.id ?? after;
  };
  if (options.lines > 0) show(options.lines);
  if (!options.follow) {
    if (after === 0 && options.lines > 0) sayNothingOf(pod);
    return;
  }
  if (after === 0) after = log.read({ podId, newest: 1 })[0]?.id ?? 0; // `-n 0`: from now on
  while (!stop.signal.aborted) {
    show(MOST_A_LOOK);
    await sleep(LOOK_MS, undefined, { signal: stop.signal }).catch(() => {}); // Ctrl-C ends it
  }
}

/** An empty log may be that of a name that was mistyped, and is near none. */
function sayNothingOf(pod: string): void {
  warn(`nothing is logged of ${oneLine(pod)}; \`gemmapod list\` names the pods`);
}

/** An event as a program reads it. */
function jsonLine({ at, ...event }: ReadEvent): string {
  return JSON.stringify({ ...event, at: new Date(at).toISOString() });
}

/** An event as a person reads it, in the manner of the Host's own log lines. */
export function textLine(event: ReadEvent): string {
  const { at, kind, conversationId, peerId, detail } = event;
  const fields = {
    ...(conversationId === undefined ? {} : { conversation: conversationId.slice(0, SHOWN_OF_ID) }),
    ...(peerId === undefined ? {} : { peer: peerId.slice(0, SHOWN_OF_ID) }),
    ...detail,
  };
  const pairs = Object.entries(fields).map(([key, value]) =>
    `${key}=${/[\s"=]/.test(String(value)) ? JSON.stringify(value) : value}`
  );
  return oneLine(`${timeText(at)}  ${kind.padEnd(9)}  ${pairs.join(" ")}`.trimEnd());
}
