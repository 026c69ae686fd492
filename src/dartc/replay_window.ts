/** Ids longer than this are kept as a digest, so that a peer cannot fill memory with them. */
const KEPT_CHARS = 64;

/**
 * The ids of the last frames of a session (dartc.md, check 5), in bounded memory whatever their
 * length.
 */
export class ReplayWindow {
  readonly #seen = new Set<string>();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** Whether an id is new; it is remembered then, and the oldest forgotten. */
  admit(id: string): boolean {
    const key = id.length > KEPT_CHARS ? digest(id) : id;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    if (this.#seen.size > this.#size) {
      for (const oldest of this.#seen) { // a set iterates in the order of insertion
        this.#seen.delete(oldest);
        break;
      }
    }
    return true;
  }
}

/**
 * FNV-1a. Equal ids have equal digests, which is all that replay needs; a sender who looks for
 * collisions only has its own frames refused.
 */
function digest(id: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return `${id.length} ${hash} ${id.slice(0, KEPT_CHARS)}`;
}
