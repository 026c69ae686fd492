import type { CodedError } from "../base/mod.ts";

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What a session's `ready()` waits at: opens once, or is closed for good. */
export class ReadyGate {
  readonly #waiting = new Set<Waiting>();
  #state: "opening" | "ready" | "closed" = "opening";
  #end: CodedError | undefined;

  /** Where the session is. */
  get state(): "opening" | "ready" | "closed" {
    return this.#state;
  }

  /** Lets everybody in; returns whether it was still to be opened. */
  open(): boolean {
    if (this.#state !== "opening") return false;
    this.#state = "ready";
    for (const { resolve } of this.#waiting) resolve();
    this.#waiting.clear();
    return true;
  }

  /** Turns everybody away. */
  close(end: CodedError): void {
    this.#state = "closed";
    this.#end = end;
    for (const { reject } of this.#waiting) reject(end);
    this.#waiting.clear();
  }

  /** Settles when the gate opens; rejects when it closes, or with the signal's reason. */
  wait(signal?: AbortSignal): Promise<void> {
    if (this.#state === "ready") return Promise.resolve();
    if (this.#state === "closed") return Promise.reject(this.#end);
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(waiting);
        reject(signal?.reason);
      };
      const waiting: Waiting = {
        resolve: () => {
          signal?.removeEventListener("abort", leave);
          resolve();
        },
        reject: (error) => {
          signal?.removeEventListener("abort", leave);
          reject(error);
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.add(waiting);
    });
  }
}
