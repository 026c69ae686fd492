/** What an Ollama of a test has, and how it behaves. */
export interface OllamaOptions {
  /** @default none */
  models?: readonly string[];
  /** What `/api/show` says of every model. */
  show?: unknown;
  /** The lines of a pull; default: a layer of 4 MB in four steps. */
  pullLines?: readonly unknown[];
  /** Awaited before each line of a pull. */
  pace?(index: number): void | Promise<void>;
  /** Where `/v1/chat/completions` is answered. */
  chatUrl?: string;
}

/** An Ollama of a test: its own API here, `/v1` at another endpoint. */
export interface OllamaEndpoint extends AsyncDisposable {
  readonly url: string;
  /** The models that it has by now. */
  readonly models: readonly string[];
  /** The models that it was told to pull. */
  readonly pulled: readonly string[];
}

const LAYER = 4_000_000;

const PULL_LINES: readonly unknown[] = [
  { status: "pulling manifest" },
  ...[0, 1, 2, 3, 4].map((quarter) => ({
    status: "pulling 735af2139dc6",
    digest: "sha256:735af2139dc6",
    total: LAYER,
    completed: quarter * LAYER / 4,
  })),
  { status: "verifying sha256 digest" },
  { status: "success" },
];

/** Starts one on loopback. */
export function startOllama(options: OllamaOptions = {}): OllamaEndpoint {
  const models = [...options.models ?? []];
  const pulled: string[] = [];
  const { pullLines = PULL_LINES, pace, show = {}, chatUrl } = options;

  async function pull(request: Request): Promise<Response> {
    const { model } = await request.json();
    pulled.push(model);
    const lines = pullLines.entries();
    return new Response(
      new ReadableStream<Uint8Array>({
        async pull(controller) {
          const { value, done } = lines.next();
          if (done) {
            if (JSON.stringify(pullLines.at(-1)) === '{"status":"success"}') models.push(model);
            return controller.close();
          }
          const [index, line] = value;
          await pace?.(index);
          controller.enqueue(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
        },
      }),
    );
  }

  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    switch (pathname) {
      case "/api/version":
        return Response.json({ version: "0.0.0-test" });
      case "/api/tags":
        return Response.json({ models: models.map((name) => ({ name, model: name })) });
      case "/api/show":
        return Response.json(show);
      case "/api/pull":
        return pull(request);
      case "/v1/models":
        return Response.json({ object: "list", data: models.map((id) => ({ id })) });
    }
    if (chatUrl !== undefined && pathname.startsWith("/v1/")) {
      return fetch(`${chatUrl}${pathname}`, {
        method: request.method,
        headers: { "content-type": "application/json" },
        body: request.body,
        signal: request.signal,
      });
    }
    return new Response("no such route", { status: 404 });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    models,
    pulled,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
