/** Enough of an id to tell it from others; the whole is the key to a history (host.md). */
const SHOWN_CHARS = 6;

/** The beginning of a conversation's id. */
export function shortId(id: string): string {
  return id.slice(0, SHOWN_CHARS);
}
