import { type AccentTones, accentTones } from "./accent.ts";
import type { ChatRuntime } from "./runtime_port.ts";

/** What the pod's owner decided about its appearance. */
export interface Look {
  /** The title where there is one, else the pod's name. */
  title: string;
  persona: string;
  greeting: string;
  starters: readonly string[];
  accent?: AccentTones;
  /** The chat is behind a round button in the corner. */
  launcher: boolean;
}

/** More chips than this are a menu, not a start. */
const MAX_STARTERS = 8;

/** The appearance that a pod's configuration asks for. */
export function lookOf({ name, persona, ui }: ChatRuntime["manifest"]): Look {
  const accent = ui?.accent === undefined ? undefined : accentTones(ui.accent);
  return {
    title: ui?.title || name,
    persona: persona ?? "",
    greeting: ui?.greeting ?? "",
    starters: (ui?.starters ?? []).slice(0, MAX_STARTERS),
    launcher: ui?.launcher ?? ui?.mode === "launcher",
    ...(accent && { accent }),
  };
}
