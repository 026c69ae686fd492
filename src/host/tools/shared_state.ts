import { CodedError, utf8Encode } from "../../base/mod.ts";
import { applyJsonPatch, type JsonPatchOperation } from "../../dartc/mod.ts";
import { MAX_NESTING, nestsDeeperThan } from "./nesting.ts";
import type { UiToolEvent } from "./ui_tool_event.ts";

/** The state of one conversation, as `set_state` needs it. */
export interface SharedState {
  /** What is there; undefined where nothing is yet. */
  read(): unknown;
  write(state: unknown): void;
}

/** A change as the model asks for it: the whole state, or a patch of it. */
export type StateChange =
  | { readonly snapshot: unknown }
  | { readonly delta: readonly JsonPatchOperation[] };

/**
 * The most bytes of JSON of a state: with the ids around it, it fits one frame of 64 KiB, in which
 * it is sent to a visitor who comes back (dartc.md, "Sizes and backpressure").
 */
export const MAX_STATE_BYTES = 48 * 1024;

/** The most operations of one patch; a larger change is better sent whole. */
const MAX_OPERATIONS = 256;

/** A state in memory, for whoever uses the tools without a Host. */
export function memoryState(): SharedState {
  let kept: unknown;
  return {
    read: () => kept,
    write: (state) => kept = state,
  };
}

/**
 * What a change makes of a state, all or nothing, and the event that takes a visitor there: the
 * patch as it was given, or the whole where the visitor has nothing yet to patch.
 *
 * Throws `CodedError` `bad_patch` (RFC 6902) or `bad_state`.
 */
export function changeState(
  before: unknown,
  change: StateChange,
): { state: unknown; event: UiToolEvent } {
  const state = "snapshot" in change ? change.snapshot : patched(before, change.delta);
  const bytes = utf8Encode(JSON.stringify(state) ?? "").length;
  if (bytes > MAX_STATE_BYTES) {
    throw new CodedError("bad_state", `The state would have ${bytes} bytes of ${MAX_STATE_BYTES}`);
  }
  if (nestsDeeperThan(state, MAX_NESTING)) {
    throw new CodedError("bad_state", `The state would nest deeper than ${MAX_NESTING} levels`);
  }
  return {
    state,
    event: "snapshot" in change || before === undefined
      ? { type: "STATE_SNAPSHOT", snapshot: state }
      : { type: "STATE_DELTA", delta: [...change.delta] },
  };
}

function patched(before: unknown, delta: readonly JsonPatchOperation[]): unknown {
  if (delta.length > MAX_OPERATIONS) {
    throw new CodedError("bad_patch", `A patch has at most ${MAX_OPERATIONS} operations`);
  }
  return applyJsonPatch(before ?? {}, delta); // a visitor's state begins as `{}` too (runtime.md)
}
