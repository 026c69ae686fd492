/** The statuses of refusals that a route may choose; others are the shell's. */
export type RefusalStatus = 400 | 404 | 405 | 409 | 413 | 415 | 429 | 503;

/** A request that is refused, with a sentence for whoever sent it. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: RefusalStatus;
  /** Put beside `error` in the answer. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: RefusalStatus,
    message: string,
    more: {
      details?: Readonly<Record<string, unknown>>;
      headers?: Readonly<Record<string, string>>;
      cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.status = status;
    this.details = more.details ?? {};
    this.headers = more.headers ?? {};
  }
}
