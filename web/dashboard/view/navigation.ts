import * as z from "zod/mini";
import { Observers } from "../../ui/observers.ts";

const place = z.discriminatedUnion("page", [
  z.object({ page: z.literal("home") }),
  z.object({ page: z.literal("overview") }),
  z.object({
    page: z.literal("pod"),
    podId: z.string(),
    /** Undefined for the list; `own` for the owner's chat; else a conversation's id. */
    conversation: z.optional(z.string()),
  }),
]);

/** Where one is. On a wide screen `home` is the overview, on a narrow one the list of pods. */
export type Place = z.infer<typeof place>;

/** Stands for the owner's own conversation, whose id the Host chooses. */
export const OWN = "own";

/** A wide screen shows more of these at once; on a narrow one, each is a screen of its own. */
export function depthOf(at: Place): 0 | 1 | 2 {
  if (at.page === "home") return 0;
  return at.page === "pod" && at.conversation !== undefined ? 2 : 1;
}

/**
 * Where one is in the page. The browser's back button works, and a reload stays; but addresses do
 * not change: the id of a conversation is the key to it, and no business of a list of addresses.
 */
export class Navigation {
  readonly changes = new Observers();
  readonly #window: Window;
  #place: Place;

  constructor(page: Window) {
    this.#window = page;
    this.#place = placeOf(page.history.state);
    page.addEventListener("popstate", ({ state }) => {
      this.#place = placeOf(state);
      this.changes.notify();
    });
  }

  get place(): Place {
    return this.#place;
  }

  go(to: Place): void {
    if (JSON.stringify(to) === JSON.stringify(this.#place)) return;
    this.#window.history.pushState(to, "");
    this.#place = to;
    this.changes.notify();
  }

  /** One level up, as a Back button in the page does it. */
  up(): void {
    const at = this.#place;
    this.go(
      at.page === "pod" && at.conversation !== undefined
        ? { page: "pod", podId: at.podId }
        : { page: "home" },
    );
  }
}

function placeOf(state: unknown): Place {
  const read = place.safeParse(state);
  return read.success ? read.data : { page: "home" };
}
