import { z } from "zod";
import { CodedError, errorMessage } from "../../base/mod.ts";

/**
 * Why an answer did not come, or not whole. `message` is for the visitor: it names no address, no
 * key and nothing of the endpoint's own words. `reason` is for the owner's log.
 */
export class ModelFailure extends CodedError {
  declare readonly code: "model_unavailable" | "chat_failed";
  readonly reason: string;
  /** Whether nobody else would have an answer either. */
  readonly endpoint: "up" | "down";

  constructor(
    code: "model_unavailable" | "chat_failed",
    message: string,
    reason: string,
    cause?: unknown,
    endpoint: "up" | "down" = code === "model_unavailable" ? "down" : "up",
  ) {
    super(code, message, { cause });
    this.reason = reason;
    this.endpoint = endpoint;
  }
}

/** The sentence for each HTTP status; any other of its hundred is like the hundred. */
const SENTENCES: Readonly<Record<number, string>> = {
  401: "The model refuses this pod's Host. Its owner has to check the API key.",
  403: "The model refuses this pod's Host. Its owner has to check the API key.",
  404: "The model that this pod asks for is not there. Its owner has to look.",
  429: "The model has too much to do just now. Please try again in a moment.",
};

/** Refusals of one question: another model, or another moment, is answered. */
const OF_ONE_QUESTION: readonly number[] = [404, 429];

const refused = z.object({ statusCode: z.number(), responseBody: z.string().optional() });

/**
 * What the AI SDK or the connection threw, in our words.
 *
 * @param begun whether a part of the answer had arrived
 */
export function modelFailure(thrown: unknown, begun: "begun" | "not_begun"): ModelFailure {
  if (thrown instanceof ModelFailure) return thrown;
  const status = refused.safeParse(thrown).data?.statusCode;
  if (status !== undefined && status >= 400) {
    const unavailable = status >= 500 || status in SENTENCES;
    return new ModelFailure(
      unavailable ? "model_unavailable" : "chat_failed",
      SENTENCES[status] ??
        (unavailable
          ? "The model behind this pod has a problem. Please try again later."
          : "The model could not take this question."),
      `the endpoint answered ${status}`,
      thrown,
      unavailable && !OF_ONE_QUESTION.includes(status) ? "down" : "up",
    );
  }
  if (begun === "begun") {
    return new ModelFailure(
      "chat_failed",
      "The answer broke off: the connection to the model was lost. Please ask again.",
      `the answer broke off: ${kindOf(thrown)}`,
      thrown,
    );
  }
  return new ModelFailure(
    "model_unavailable",
    "The model behind this pod cannot be reached just now. Please try again later.",
    kindOf(thrown),
    thrown,
  );
}

/**
 * Whether an endpoint may have refused a question for the tools that came with it: Ollama says 400
 * for a model that has none, others another status and a sentence. What is said to be too long is
 * too long without tools as well.
 */
export function mayRefuseTools({ cause }: ModelFailure): boolean {
  const { statusCode = 0, responseBody = "" } = refused.safeParse(cause).data ?? {};
  if (statusCode < 400) return false;
  if (/\btools?\b|\bfunctions?\b/i.test(responseBody)) return true;
  return (statusCode === 400 || statusCode === 422) && !/\bcontext\b|too long/i.test(responseBody);
}

/** A few words on what was thrown, without the URL in it: that may hold a password. */
function kindOf(thrown: unknown): string {
  const text = `${errorMessage(thrown)} ${causes(thrown)}`;
  if (/refused/i.test(text)) return "connection refused";
  if (/dns|lookup|resolve/i.test(text)) return "the name of the endpoint cannot be resolved";
  if (/certificate|tls|ssl/i.test(text)) return "no TLS connection to the endpoint";
  if (/timed? ?out/i.test(text)) return "the endpoint does not answer";
  if (/reset|closed|eof|body/i.test(text)) return "the endpoint closed the connection";
  if (/json|type validation/i.test(text)) return "the endpoint does not speak the OpenAI format";
  return "the endpoint cannot be reached";
}

function causes(thrown: unknown): string {
  const parts: string[] = [];
  for (let error = thrown; error instanceof Error && parts.length < 5; error = error.cause) {
    parts.push(error.name, error.message);
  }
  return parts.join(" ");
}
