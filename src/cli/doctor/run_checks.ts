import { CodedError, errorMessage } from "../../base/mod.ts";
import { fileFailure } from "../../base/native.ts";
import type { Finding } from "../../pack/mod.ts";
import type { Check } from "./check.ts";

/** How long all of them together may take, in milliseconds: nobody waits for a doctor. */
export const LOOK_WITHIN_MS = 8_000;

/**
 * Looks at everything at once, for a limited time. Never rejects: what cannot be looked at is a
 * finding. They come in the order of the checks.
 */
export async function runChecks(
  checks: readonly Check[],
  withinMs: number = LOOK_WITHIN_MS,
): Promise<Finding[]> {
  const late = new AbortController();
  const { promise: timeIsUp, reject } = Promise.withResolvers<never>();
  timeIsUp.catch(() => {}); // each look sees it for itself
  const timer = setTimeout(() => {
    const reason = new CodedError("late", `it took longer than ${withinMs / 1_000} s`);
    late.abort(reason);
    reject(reason);
  }, withinMs);
  try {
    const looked = checks.map(async ({ name, look }): Promise<readonly Finding[]> => {
      try {
        return await Promise.race([look(late.signal), timeIsUp]);
      } catch (error) {
        return [{
          check: name,
          status: "bad",
          found: `it could not be looked at: ${fileFailure(error) ?? errorMessage(error)}`,
          todo: "try again; if it stays, look at what the message names",
        }];
      }
    });
    return (await Promise.all(looked)).flat();
  } finally {
    clearTimeout(timer);
    late.abort(); // what is still under way ends
  }
}
