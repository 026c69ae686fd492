import type { Finding } from "../../pack/mod.ts";

/** A part of the machine to be looked at. */
export interface Check {
  /** What it is about, for when looking itself goes wrong. */
  readonly name: string;
  /** Rejects where something unforeseen happens; gives up when `signal` says so. */
  look(signal: AbortSignal): Promise<readonly Finding[]>;
}
