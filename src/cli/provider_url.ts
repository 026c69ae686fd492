import { processEnv, readEndpoint, type ReadEnv } from "../host/native.ts";

/** Where Ollama listens unless it is told otherwise. */
const OLLAMA_URL = "http://localhost:11434";

/**
 * The model endpoint that a Host started here would use (host.md, "Settings"), with its scheme and
 * without a slash at its end.
 *
 * Throws `CodedError` `bad_setting`.
 */
export function providerUrlOf(given?: string, env: ReadEnv = processEnv): string {
  const text = given ?? env("GEMMAPOD_PROVIDER_URL") ?? env("OLLAMA_URL") ?? OLLAMA_URL;
  return readEndpoint(text).replace(/\/+$/, "");
}
