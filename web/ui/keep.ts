/**
 * A small text that a browser keeps for one pod: nothing where storage is blocked or full, and
 * nobody is told.
 */
export interface Kept {
  /** Empty where there is none. */
  read(): string;
  /** An empty text is forgotten. */
  write(text: string): void;
}

/** Longer texts are not kept. */
const MAX_LENGTH = 20_000;

/**
 * @param storage asked for at each use: where it is blocked, the question itself throws
 */
export function kept(key: string, storage: () => Storage = () => localStorage): Kept {
  return {
    read() {
      try {
        return storage().getItem(key) ?? "";
      } catch {
        return "";
      }
    },
    write(text) {
      try {
        if (text === "" || text.length > MAX_LENGTH) storage().removeItem(key);
        else storage().setItem(key, text);
      } catch {
        // Blocked or full: it lives as long as the page.
      }
    },
  };
}
