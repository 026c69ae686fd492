import type { DartcUiEvent, DartcUiEventType, UnknownUiEvent } from "./ui_event.ts";
import { isUiEventType } from "./ui_event_parse.ts";

/** AG-UI's name for a type of UI event: `TEXT_MESSAGE_START` is `TextMessageStart`. */
type PascalCase<T extends string> = T extends `${infer Head}_${infer Rest}`
  ? `${Capitalize<Lowercase<Head>>}${PascalCase<Rest>}`
  : Capitalize<Lowercase<T>>;

/** A UI event under AG-UI's PascalCase type; its other fields are unchanged. */
export type AgUiEvent =
  | {
    [T in DartcUiEventType]: Omit<Extract<DartcUiEvent, { type: T }>, "type"> & {
      type: PascalCase<T>;
    };
  }[DartcUiEventType]
  | { readonly type: "Raw"; readonly [member: string]: unknown };

/**
 * Rewrites the type of a UI event, and nothing else, to AG-UI's (dartc.md, below "One chat run").
 * An unknown type becomes `Raw`.
 *
 * @example
 * ```ts
 * import { mapDartcUiEventToAgUi } from "./ag_ui.ts";
 *
 * const mapped = mapDartcUiEventToAgUi({
 *   type: "TEXT_MESSAGE_CONTENT",
 *   threadId: "t",
 *   messageId: "1:assistant",
 *   delta: "Hi",
 * });
 * if (mapped.type !== "TextMessageContent") throw new Error(mapped.type);
 * ```
 */
export function mapDartcUiEventToAgUi(event: DartcUiEvent | UnknownUiEvent): AgUiEvent {
  const { type } = event;
  const name = isUiEventType(type)
    ? type.toLowerCase().replace(/(?:^|_)(.)/g, (_match, letter: string) => letter.toUpperCase())
    : "Raw";
  return { ...event, type: name } as AgUiEvent; // the name is that of the type
}
