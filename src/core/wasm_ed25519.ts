import type { Core } from "./core.ts";
import type { Ed25519 } from "./ed25519.ts";
import { randomSeed, strictPublicKey } from "./strict.ts";

/** Ed25519 by our WASM, for browsers and pages without WebCrypto's. Answers at once. */
export function wasmEd25519(core: Core): Ed25519 {
  return {
    name: "wasm",
    generate: () => core.openKey(randomSeed()),
    signingKey: (seed) => core.openKey(seed),
    verifyingKey(bytes) {
      const publicKey = strictPublicKey(bytes);
      return {
        publicKey,
        verify: (message, signature) => core.verify(publicKey, message, signature),
      };
    },
  };
}
