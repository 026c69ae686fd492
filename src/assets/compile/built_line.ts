/** A file that was built. */
export interface BuiltFile {
  /** Relative to the checkout. */
  readonly path: string;
  readonly bytes: number;
}

/** What a program should have at most, in bytes: more is a long download for what it does. */
export const MOST_BYTES = 110e6;

/** What the builder says of a program that it has compiled. */
export function builtLine({ path, bytes }: BuiltFile): string {
  const line = `${path}  ${megabytes(bytes)}`;
  return bytes <= MOST_BYTES
    ? line
    : `${line}  warning: it should have ${megabytes(MOST_BYTES)} at most`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
