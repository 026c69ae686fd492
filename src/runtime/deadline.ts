import { CodedError } from "../base/mod.ts";
import type { Clock } from "./clock.ts";

/** A piece of work that has a time for each of its phases, and can be given up. */
export interface Deadline {
  /** Aborted when a phase takes too long, or the outer signal is; with a `CodedError`, or its reason. */
  readonly signal: AbortSignal;
  /** Begins a phase: the time of the one before no longer counts. */
  phase(ms: number, code: string, message: string): void;
  /** The work is done, one way or the other. */
  end(): void;
}

/** Times the phases of something. Call `end` in a `finally`. */
export function createDeadline(clock: Clock, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  const onOuter = () => controller.abort(outer?.reason);
  let stop = () => {};
  if (outer?.aborted === true) onOuter();
  else outer?.addEventListener("abort", onOuter, { once: true });
  return {
    signal: controller.signal,
    phase(ms, code, message) {
      stop();
      stop = clock.after(ms, () => controller.abort(new CodedError(code, message)));
    },
    end() {
      stop();
      outer?.removeEventListener("abort", onOuter);
    },
  };
}
