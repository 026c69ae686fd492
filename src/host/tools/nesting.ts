/** How deep a value of a tool may nest: more than any needs, less than a frame or a stack holds. */
export const MAX_NESTING = 64;

/** Whether a JSON value nests deeper than so many levels. Does not recurse itself. */
export function nestsDeeperThan(value: unknown, levels: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap((item) =>
      typeof item === "object" && item !== null ? Object.values(item) : []
    );
  }
  return false;
}
