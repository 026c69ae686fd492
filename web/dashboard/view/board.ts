import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { FramePainter } from "../../ui/frame_painter.ts";
import type { Dashboard } from "../model/dashboard.ts";
import type { Strings } from "../strings.ts";
import type { Navigation } from "./navigation.ts";
import type { Theme } from "./theme.ts";

/** What all parts of the page share. */
export interface Board {
  readonly dashboard: Dashboard;
  readonly strings: Strings;
  readonly navigation: Navigation;
  readonly theme: Theme;
  readonly painter: FramePainter;
  /** Has a screen reader say something, once. */
  announce(text: string): void;
}

/** The page that a component belongs to. */
export const BoardContext = createContext<Board | undefined>(undefined);

/** The page that this component belongs to. Throws outside of one: a mistake of ours. */
export function useBoard(): Board {
  const board = useContext(BoardContext);
  if (board === undefined) throw new TypeError("Cannot render outside the dashboard");
  return board;
}
