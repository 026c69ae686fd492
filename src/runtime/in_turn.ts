import { MAX_IN_TURN } from "./limits.ts";

/**
 * Tells one thing after another: what comes up while one is told waits until everybody has heard
 * that one, so that nobody hears an older thing after a newer one.
 *
 * What `tell` throws goes to whoever is told of the first; the others are told next time.
 */
export function createInTurn<T>(tell: (thing: T) => void): (thing: T) => void {
  const waiting: T[] = [];
  let isTelling = false;
  return (thing) => {
    waiting.push(thing);
    if (isTelling) return;
    isTelling = true;
    try {
      let told = 0;
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        tell(next);
        if (++told < MAX_IN_TURN) continue;
        waiting.length = 0;
        console.error("gemmapod: handlers that answer each other without an end are not told more");
      }
    } finally {
      isTelling = false;
    }
  };
}
