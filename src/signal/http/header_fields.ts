import type { IncomingMessage } from "node:http";

/** The header fields of a request, read by name. `Headers` are such. */
export interface HeaderFields {
  /** The value of a field, several joined by commas; null where it is absent. */
  get(name: string): string | null;
}

/** Those of a request of `node:http`, as they lie there: `Headers` would cost a copy of all. */
export function headerFields({ headers }: IncomingMessage): HeaderFields {
  return {
    get(name) {
      const value = headers[name];
      return typeof value === "string" ? value : value?.join(", ") ?? null;
    },
  };
}
