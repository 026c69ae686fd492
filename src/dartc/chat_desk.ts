import {
  type ReadChatRequest,
  readChatRequest,
  requestIdOf,
  userTextBytes,
} from "./chat_request.ts";
import type { RateLimits } from "./rate_limit.ts";

/** What comes of the payload of a chat request. */
export type ChatIntake =
  | { readonly kind: "request"; readonly request: ReadChatRequest }
  | { readonly kind: "bad"; readonly message: string; readonly requestId?: string }
  /** More than the visitor's budget (dartc.md, check 6). */
  | { readonly kind: "over_budget"; readonly message: string; readonly requestId?: string };

/** A Host's intake of chat requests: reads them, and knows whose runs are not over. */
export class ChatDesk {
  readonly #limits: Pick<RateLimits, "chatsAtOnce" | "userTextBytes">;
  readonly #open = new Set<string>();

  constructor(limits: Pick<RateLimits, "chatsAtOnce" | "userTextBytes">) {
    this.#limits = limits;
  }

  /** Reads one request; it is open then, until {@linkcode close}. */
  receive(payload: unknown): ChatIntake {
    const request = readChatRequest(payload);
    const requestId = requestIdOf(payload);
    if (typeof request === "string") {
      return { kind: "bad", message: `Cannot read the chat request: ${request}`, requestId };
    }
    if (this.#open.has(request.requestId)) {
      // The answer names no request: it would end the one that is running.
      return { kind: "bad", message: "Cannot take the chat request: its id is in use" };
    }
    const { chatsAtOnce, userTextBytes: textLimit } = this.#limits;
    if (this.#open.size >= chatsAtOnce) {
      const message = `Wait for an answer: ${chatsAtOnce} questions at once are the limit`;
      return { kind: "over_budget", message, requestId };
    }
    if (userTextBytes(request.messages) > textLimit) {
      const message = `Shorten the question: ${textLimit} bytes are the limit`;
      return { kind: "over_budget", message, requestId };
    }
    this.#open.add(request.requestId);
    return { kind: "request", request };
  }

  /** Whether a request's run is not over. */
  has(requestId: string): boolean {
    return this.#open.has(requestId);
  }

  /** Its run is over, or will never begin. */
  close(requestId: string): void {
    this.#open.delete(requestId);
  }
}
