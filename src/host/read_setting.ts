import { CodedError, errorMessage, httpAddress } from "../base/mod.ts";

/** GEMMAPOD_PORT. Throws {@linkcode CodedError} `bad_setting`. */
export function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new CodedError("bad_setting", `Cannot use GEMMAPOD_PORT: "${text}" is no port`);
}

/** OWNER_PUBKEY, as manifests have it: in lower case. Throws {@linkcode CodedError} `bad_setting`. */
export function readOwner(text: string): string {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  throw new CodedError("bad_setting", "Cannot use OWNER_PUBKEY: expected 64 hex digits");
}

/**
 * A model endpoint as owners write it, with its scheme: `OLLAMA_HOST` has taught them to leave that
 * out. Throws {@linkcode CodedError} `bad_setting`, which repeats no password.
 */
export function readEndpoint(text: string): string {
  try {
    httpAddress(text);
  } catch (cause) {
    const shown = text.includes("@") ? "" : ` "${text}"`;
    throw new CodedError(
      "bad_setting",
      `Cannot use the model endpoint${shown}: ${errorMessage(cause)}`,
      { cause },
    );
  }
  return /^https?:\/\//i.test(text) ? text : `http://${text}`;
}
