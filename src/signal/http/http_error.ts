/** A request that is refused, with a sentence for whoever sent it. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: 400 | 403 | 404 | 405 | 406 | 408 | 409 | 413 | 415 | 426 | 429 | 503 | 507;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: HttpError["status"],
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}
