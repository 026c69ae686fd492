import { type CodedError, orAborted } from "../base/mod.ts";

/** What a session's `ready()` waits at: opens once, or is closed for good. */
export class ReadyGate {
  readonly #opened = Promise.withResolvers<void>();
  #state: "opening" | "ready" | "closed" = "opening";
  /** Why it is closed; who comes after it was open is to hear it too. */
  #end: CodedError | undefined;

  constructor() {
    this.#opened.promise.catch(() => {}); // maybe nobody waits
  }

  /** Where the session is. */
  get state(): "opening" | "ready" | "closed" {
    return this.#state;
  }

  /** Lets everybody in; returns whether it was still to be opened. */
  open(): boolean {
    if (this.#state !== "opening") return false;
    this.#state = "ready";
    this.#opened.resolve();
    return true;
  }

  /** Turns everybody away. */
  close(end: CodedError): void {
    this.#state = "closed";
    this.#opened.reject(end);
    this.#end = end;
  }

  /** Settles when the gate opens; rejects when it closes, or with the signal's reason. */
  wait(signal?: AbortSignal): Promise<void> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const { promise } = this.#opened;
    return this.#state === "ready" ? promise : orAborted(promise, signal);
  }
}
