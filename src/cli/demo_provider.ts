import { z } from "zod";

/** How long an endpoint on this machine may take to list its models, in milliseconds. */
const LIST_WITHIN_MS = 1_500;

/** The family that the project is made for is taken first. */
const PREFERRED = /gemma/i;

/** Models that make vectors, not answers. */
const NOT_FOR_CHAT = /embed|rerank|whisper/i;

const modelList = z.object({ data: z.array(z.object({ id: z.string().min(1) })) });

/** Where Ollama listens unless it is told otherwise. */
const OLLAMA_URL = "http://localhost:11434";

/** What serves the demo. */
export type FoundProvider =
  | { kind: "endpoint"; url: string; model: string }
  | { kind: "demo"; url: string; why: string };

/** How a person chooses it: `auto` is a model at `OLLAMA_URL` where one answers. */
export type ProviderChoice = "auto" | "demo";

/** What serves the demo, as it was chosen. */
export function chosenProvider(choice: ProviderChoice): Promise<FoundProvider> {
  const url = Deno.env.get("OLLAMA_URL") || OLLAMA_URL;
  return choice === "auto"
    ? findProvider(url)
    : Promise.resolve({ kind: "demo", url, why: "you asked for the demo" });
}

/** What serves the demo, in words. */
export function providerInWords(provider: FoundProvider): string {
  return provider.kind === "endpoint"
    ? `${provider.model} at ${provider.url}`
    : `scripted answers, no language model (${provider.url}: ${provider.why})`;
}

/**
 * Looks for a model at an OpenAI-compatible endpoint: Ollama on this machine, usually. Finds the
 * demo's own scripted answers where nothing answers, and says why.
 */
export async function findProvider(url: string): Promise<FoundProvider> {
  try {
    const answer = await fetch(`${url.replace(/\/+$/, "").replace(/\/v1$/, "")}/v1/models`, {
      signal: AbortSignal.timeout(LIST_WITHIN_MS),
    });
    if (!answer.ok) return { kind: "demo", url, why: `it answered ${answer.status}` };
    const names = modelList.parse(await answer.json()).data.map(({ id }) => id)
      .filter((name) => !NOT_FOR_CHAT.test(name));
    const model = names.find((name) => PREFERRED.test(name)) ?? names[0];
    if (model === undefined) return { kind: "demo", url, why: "it has no model" };
    return { kind: "endpoint", url, model };
  } catch (error) {
    const slow = error instanceof DOMException && error.name === "TimeoutError";
    return { kind: "demo", url, why: slow ? "it did not answer in time" : "nothing answers there" };
  }
}
