import type { MaybePromise } from "../../base/mod.ts";
import type { DartcUiEvent } from "../../dartc/mod.ts";

type OfTools<E> = E extends { type: "CUSTOM" | "STATE_SNAPSHOT" | "STATE_DELTA" }
  ? Omit<E, "threadId" | "runId" | "timestamp">
  : never;

/**
 * What a UI tool sends: a UI event without the conversation and the run, which its Host knows and
 * the tool does not.
 */
export type UiToolEvent = OfTools<DartcUiEvent>;

/**
 * Takes an event of a UI tool to the visitor; it adds `threadId` and `runId`. Throws, or rejects,
 * where the event does not fit a frame: then the model is told that the tool failed.
 */
export type SendUiEvent = (event: UiToolEvent) => MaybePromise<void>;
