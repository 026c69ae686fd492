/** The most edits between a word and a name that it may have been meant for. */
const MAX_EDITS = 2;

/**
 * The name that `word` was most likely meant to be, or undefined when none is near: at most two
 * edits away, and no more than a third of the word.
 *
 * @example
 * ```ts
 * import { nearestName } from "./nearest_name.ts";
 *
 * if (nearestName("sytem_prompt", ["name", "system_prompt"]) !== "system_prompt") throw new Error();
 * ```
 */
export function nearestName(word: string, names: Iterable<string>): string | undefined {
  const most = Math.min(MAX_EDITS, Math.ceil(word.length / 3));
  let nearest: string | undefined;
  let fewest = most + 1;
  for (const name of names) {
    if (Math.abs(name.length - word.length) >= fewest) continue;
    const edits = editDistance(word.toLowerCase(), name.toLowerCase());
    if (edits < fewest) [nearest, fewest] = [name, edits];
  }
  return nearest;
}

/**
 * How many characters must be inserted, dropped, replaced or swapped with their neighbour to make
 * `b` of `a`, touching none twice (Damerau-Levenshtein, optimal string alignment).
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(
        at(last, j) + 1,
        at(row, j - 1) + 1,
        at(last, j - 1) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, at(beforeLast, j - 2) + 1);
      }
      row.push(edits);
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity; // never: the rows are as long as b, plus one
}
