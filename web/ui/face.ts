import { createContext, type RefObject } from "preact";
import { useContext, useLayoutEffect, useReducer } from "preact/hooks";
import type { Conversation } from "./conversation.ts";
import type { FramePainter } from "./frame_painter.ts";
import type { Kept } from "./keep.ts";
import type { Look } from "./look.ts";
import type { Observers } from "./observers.ts";
import type { Permissions } from "./permissions.ts";
import type { Strings } from "./strings.ts";

/** What all parts of one widget share. */
export interface Face {
  readonly strings: Strings;
  /** The pod's name, as shown. */
  readonly name: string;
  readonly look: Look;
  /** The widget is the whole page, not a part of somebody's. */
  readonly isPage: boolean;
  readonly conversation: Conversation;
  readonly painter: FramePainter;
  /** Where the visitor writes. */
  readonly field: RefObject<HTMLTextAreaElement | null>;
  /** What the visitor has written there and not sent. */
  readonly draft: Kept;
  /** The chat opens from a button in the corner. */
  readonly launcher: boolean;
  /** Whether it was open in this tab: not empty. `no` where the visitor closed it. */
  readonly opened: Kept;
  /** What the pod asks to be allowed. */
  readonly permissions: Permissions;
  /** What scrolls. */
  readonly log: RefObject<HTMLDivElement | null>;
  /** Gives it the focus, when what had it goes away. */
  focusLog(): void;
  /** Has a screen reader say something, once. */
  announce(text: string): void;
}

/** The widget that a component belongs to. */
export const FaceContext = createContext<Face | undefined>(undefined);

/** The widget that this component belongs to. Throws outside of one: a mistake of ours. */
export function useFace(): Face {
  const face = useContext(FaceContext);
  if (face === undefined) throw new TypeError("Cannot render outside a widget");
  return face;
}

/** Renders this component again whenever `source` changes. */
export function useChanges(source: Observers): void {
  const [, render] = useReducer((count: number, _: undefined) => count + 1, 0);
  useLayoutEffect(() => source.subscribe(() => render(undefined)), [source]);
}
