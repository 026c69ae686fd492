import { errorMessage, type Logger } from "../../base/mod.ts";
import type { EventBus } from "../event_bus.ts";
import type { Patience } from "./answer.ts";
import { createDemoModel } from "./demo_model.ts";
import { keepLoaded, ollamaRoot } from "./keep_alive.ts";
import { createLanguageModel, type Model } from "./language_model.ts";
import { RunQueue } from "./run_queue.ts";

/** Which endpoint serves a pod. */
export type ProviderSettings =
  | { readonly kind: "endpoint"; readonly url: string; readonly apiKey?: string }
  | { readonly kind: "demo" };

/** What providers of one Host share. */
export interface ProviderOptions {
  /** Runs at once; default: 1 where the endpoint is Ollama, 8 else. */
  readonly parallel?: number;
  /** How long an endpoint may say nothing. */
  readonly patience?: Patience;
  /** How many requests may wait. */
  readonly maxWaiting: number;
  readonly bus: EventBus;
  readonly log: Logger;
}

/** How busy one provider is: how many answers it gives, and how many questions wait for it. */
export interface QueueInfo {
  readonly url: string;
  readonly running: number;
  readonly waiting: number;
}

/** How many answers an endpoint that is not Ollama gives at once, unless told. */
const RUNS_AT_ONCE = 8;

/** Ollama answers one after the other, and slower for each that it does beside it. */
const RUNS_AT_ONCE_OLLAMA = 1;

/** Where Ollama listens, unless told. */
const OLLAMA_PORT = "11434";

/** How long an endpoint may take to say that it is Ollama, in milliseconds. */
const ASK_WITHIN_MS = 2_000;

/** Longer than what Ollama says of its version, in bytes; more is not read. */
const MAX_VERSION_BYTES = 4_096;

/** How many models of an endpoint are kept; more than any owner lists. */
const MAX_MODELS = 32;

/** One endpoint with its places, shared by the pods that it serves. */
export class Provider {
  readonly settings: ProviderSettings;
  readonly queue: RunQueue;
  readonly #options: ProviderOptions;
  /** Made once: a model of the AI SDK compiles the schemas of its answers when it is new. */
  readonly #models = new Map<string, Model>();
  /** Names of models that take no tools. */
  readonly #toolless = new Set<string>();
  readonly #stopping: AbortSignal;
  #up: boolean | undefined;
  #isOllama: boolean;
  #recognised: "yes" | "asking" | "no" = "no";

  /** @param stopping ends what is asked in the background */
  constructor(settings: ProviderSettings, options: ProviderOptions, stopping: AbortSignal) {
    this.settings = settings;
    this.#options = options;
    this.#stopping = stopping;
    this.#isOllama = looksLikeOllama(settings);
    const { parallel, maxWaiting, bus } = options;
    this.queue = new RunQueue({
      runsAtOnce: parallel ?? (looksLikeOllama(settings) ? RUNS_AT_ONCE_OLLAMA : RUNS_AT_ONCE),
      maxWaiting,
      onChange: (queue) =>
        bus.emit({ scope: "host", event: { type: "queue_changed", url: this.url, ...queue } }),
    });
  }

  /** For logs and lists; a password in it is left out. */
  get url(): string {
    return this.settings.kind === "demo" ? "demo" : publicUrl(this.settings.url);
  }

  /** How long it may say nothing; undefined where the default holds. */
  get patience(): Patience | undefined {
    return this.#options.patience;
  }

  /** The model of a name. The demo has one model, whatever it is called. */
  model(name: string): Model {
    const known = this.#models.get(name);
    if (known !== undefined) return known;
    if (this.#models.size >= MAX_MODELS) this.#models.clear();
    const model = this.#create(name);
    this.#models.set(name, model);
    return model;
  }

  #create(name: string): Model {
    const { settings } = this;
    if (settings.kind === "demo") return createDemoModel();
    const { url, apiKey } = settings;
    return createLanguageModel(name, url, apiKey === undefined ? {} : { apiKey });
  }

  /**
   * Asks the endpoint whether it is Ollama, which sets how many runs go at once. Never rejects: an
   * endpoint that is down is asked again when it has answered a question.
   */
  async recognise(): Promise<void> {
    const { settings } = this;
    if (settings.kind === "demo" || this.#recognised !== "no") return;
    this.#recognised = "asking";
    const stop = new AbortController();
    const onAbort = () => stop.abort();
    const timer = setTimeout(onAbort, ASK_WITHIN_MS);
    this.#stopping.addEventListener("abort", onAbort);
    try {
      const response = await fetch(`${ollamaRoot(settings.url)}/api/version`, {
        redirect: "error", // nobody but the endpoint is asked
        signal: stop.signal,
      });
      this.#isOllama = /^\{"version":/.test(await beginningOf(response));
      this.#recognised = "yes";
      const atOnce = this.#isOllama ? RUNS_AT_ONCE_OLLAMA : RUNS_AT_ONCE;
      if (this.#options.parallel === undefined) this.queue.setRunsAtOnce(atOnce);
    } catch {
      this.#recognised = "no"; // down, or something else entirely: what it looks like stands
    } finally {
      clearTimeout(timer);
      this.#stopping.removeEventListener("abort", onAbort);
    }
  }

  /**
   * Has a model that has just answered stay loaded for so long, where the endpoint is Ollama:
   * nobody else has a way to say it.
   */
  keepLoaded(model: string, keepAlive: string | number | undefined): void {
    const { settings } = this;
    if (settings.kind === "demo" || !this.#isOllama || keepAlive === undefined) return;
    const { url, apiKey } = settings;
    keepLoaded({
      url,
      ...(apiKey === undefined ? {} : { apiKey }),
      model,
      keepAlive,
      signal: this.#stopping,
    }).catch((error) => {
      if (this.#stopping.aborted) return;
      const reason = errorMessage(error);
      this.#options.log.debug("keep_alive_failed", { url: this.url, reason });
    });
  }

  /** Notes that an answer began; says so where the endpoint was down. */
  noteUp(): void {
    if (this.#up === false) {
      this.#options.log.info(
        "provider_up",
        { url: this.url },
        `model endpoint ${this.url} is back`,
      );
    }
    if (this.#up !== true) {
      this.#options.bus.emit({ scope: "host", event: { type: "provider_up", url: this.url } });
    }
    this.#up = true;
    void this.recognise(); // settles by itself, and never rejects
  }

  /** Whether a model may be offered tools, as far as is known. */
  takesTools(model: string): boolean {
    return !this.#toolless.has(model);
  }

  /** Notes that a model answers only without tools; says so once. */
  noteToolless(model: string, reason: string): void {
    if (this.#toolless.has(model)) return;
    if (this.#toolless.size >= MAX_MODELS) this.#toolless.clear();
    this.#toolless.add(model);
    this.#options.log.warn(
      "no_tools",
      { url: this.url, model, reason },
      `the model ${model} takes no tools (${reason}): it is asked without them from now on`,
    );
  }

  /** Notes that there was no answer; says so once. */
  noteDown(reason: string): void {
    if (this.#up === false) return;
    this.#up = false;
    const { url } = this;
    this.#options.log.warn("provider_down", { url, reason }, `model endpoint ${url}: ${reason}`);
    this.#options.bus.emit({ scope: "host", event: { type: "provider_down", url, reason } });
  }
}

/** The providers of a Host: pods with the same settings share one, and so its places. */
export class Providers {
  readonly #options: ProviderOptions;
  readonly #providers = new Map<string, Provider>();
  readonly #stopping = new AbortController();

  constructor(options: ProviderOptions) {
    this.#options = options;
  }

  /** The provider of these settings. */
  get(settings: ProviderSettings): Provider {
    const key = JSON.stringify(settings);
    const known = this.#providers.get(key);
    if (known !== undefined) return known;
    const provider = new Provider(settings, this.#options, this.#stopping.signal);
    this.#providers.set(key, provider);
    void provider.recognise(); // settles by itself, and never rejects
    return provider;
  }

  /** How busy each of them is. */
  queues(): QueueInfo[] {
    return [...this.#providers.values()].map(({ url, queue: { running, waiting } }) => (
      { url, running, waiting }
    ));
  }

  /** Ends what is asked of endpoints in the background. */
  stop(): void {
    this.#stopping.abort();
  }
}

/** As much of a body as says whose it is; nothing of a refusal. */
async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  let text = "";
  const decoder = new TextDecoder();
  while (reader !== undefined && response.ok && text.length < MAX_VERSION_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text;
}

/** Whether an endpoint is where Ollama listens. */
export function looksLikeOllama(settings: ProviderSettings): boolean {
  return settings.kind === "endpoint" && URL.parse(settings.url)?.port === OLLAMA_PORT;
}

/** An address as it may be shown: without a password or a query. */
export function publicUrl(text: string): string {
  const url = URL.parse(text);
  return url === null ? "" : `${url.origin}${url.pathname}`.replace(/\/$/, "");
}
