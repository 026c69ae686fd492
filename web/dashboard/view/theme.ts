import { Observers } from "../../ui/observers.ts";

/** How the page looks. */
export type ThemeName = "system" | "light" | "dark";

const ORDER: readonly ThemeName[] = ["system", "light", "dark"];

const KEY = "gemmapod-dashboard-theme";

/** Light or dark, by the system until one chooses; the choice stays in this browser. */
export class Theme {
  readonly changes = new Observers();
  readonly #root: HTMLElement;
  #name: ThemeName;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#name = ORDER.find((name) => name === readChoice()) ?? "system";
    this.#show();
  }

  get name(): ThemeName {
    return this.#name;
  }

  /** The next of the three. */
  next(): void {
    this.#name = ORDER[(ORDER.indexOf(this.#name) + 1) % ORDER.length] ?? "system";
    this.#show();
    try {
      localStorage.setItem(KEY, this.#name);
    } catch {
      // A browser that keeps nothing for pages: the choice lasts as long as the page.
    }
    this.changes.notify();
  }

  #show(): void {
    if (this.#name === "system") delete this.#root.dataset.theme;
    else this.#root.dataset.theme = this.#name;
  }
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
