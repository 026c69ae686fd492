import { CodedError } from "../../base/mod.ts";
import { parsePodToml, resolveModel } from "../../pod/mod.ts";

/** Where Ollama listens unless told; a `pod.toml` need not name it. */
const OLLAMA_URL = "http://localhost:11434";

/** A fresh `pod.toml` with another model in it, and its endpoint where that is not Ollama's own. */
export function withModel(toml: string, model: string, url: string): string {
  const line = `model = ${JSON.stringify(model)}`;
  let text = toml.replace(/^model = .*$/m, () => line);
  if (url !== OLLAMA_URL) {
    text = `${text.trimEnd()}

# Which endpoint serves this pod. This part is yours: it is never packed.
[llm]
provider_url = ${JSON.stringify(url)}
`;
  }
  const { pod } = parsePodToml(text);
  if (resolveModel(pod) === model && (pod.llm?.provider_url ?? OLLAMA_URL) === url) return text;
  throw new CodedError(
    "bad_template",
    `Cannot set the model in pod.toml: put ${line} and [llm] provider_url into it yourself`,
  );
}
