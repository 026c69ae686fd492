import { failureText } from "./connection.ts";
import type { Message } from "./message.ts";
import type { Strings } from "./strings.ts";

/** Why an answer is not whole, as a sentence; undefined while it comes, and where it is whole. */
export function outcomeText(
  { outcome, failure }: Pick<Message, "outcome" | "failure">,
  strings: Strings,
  name: string,
): string | undefined {
  switch (outcome) {
    case undefined:
    case "done":
      return undefined;
    case "cancelled":
    case "cut":
      return strings[outcome];
    case "error":
      return failure ? failureText(failure, strings, name) : strings.errorUnknown;
  }
}
