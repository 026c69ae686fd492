import { CodedError, errorMessage, httpAddress } from "../base/mod.ts";
import { processEnv, type ReadEnv } from "../host/native.ts";

/** Where Ollama listens unless it is told otherwise. */
const OLLAMA_URL = "http://localhost:11434";

/**
 * The model endpoint that a Host started here would use (host.md, "Settings"), with its scheme and
 * without a slash at its end.
 *
 * Throws {@linkcode CodedError} `bad_setting`.
 */
export function providerUrlOf(given?: string, env: ReadEnv = processEnv): string {
  const text = given ?? env("GEMMAPOD_PROVIDER_URL") ?? env("OLLAMA_URL") ?? OLLAMA_URL;
  try {
    httpAddress(text);
  } catch (cause) {
    const shown = text.includes("@") ? "" : ` "${text}"`; // no password is shown
    throw new CodedError(
      "bad_setting",
      `Cannot use the model endpoint${shown}: ${errorMessage(cause)}`,
      { cause },
    );
  }
  return (/^https?:\/\//i.test(text) ? text : `http://${text}`).replace(/\/+$/, "");
}
