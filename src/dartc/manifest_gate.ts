import { fromBase64, type MaybePromise } from "../base/mod.ts";
import { DartcError } from "./error_code.ts";
import { manifestClaims } from "./manifest_claims.ts";
import { andThen, orElse } from "./maybe.ts";

/** A manifest that holds for this pod, or why it does not; neither where none was sent. */
export interface CheckedManifest<M> {
  readonly manifest?: M;
  readonly signedManifestB64?: string;
  readonly refusal?: DartcError;
}

/** Options of {@linkcode ManifestGate}. */
export interface ManifestGateOptions<M> {
  podId: string;
  ownerPubkey?: string;
  verifyManifest(signed: Uint8Array): MaybePromise<M>;
}

/**
 * A Host's check of a manifest that a visitor sends, in the order of dartc.md, "Sessions": it
 * verifies, it names this pod, its owner is the configured one.
 */
export class ManifestGate<M> {
  readonly #options: ManifestGateOptions<M>;
  #last: CheckedManifest<M> = {};

  constructor(options: ManifestGateOptions<M>) {
    this.#options = options;
  }

  /** Checks base64 of a signed manifest. The one checked last is not verified again. */
  check(signedManifestB64: string | undefined): MaybePromise<CheckedManifest<M>> {
    if (signedManifestB64 === undefined) return {};
    if (signedManifestB64 === this.#last.signedManifestB64) return this.#last;
    const checked = orElse<CheckedManifest<M>>(
      () =>
        andThen(
          this.#options.verifyManifest(fromBase64(signedManifestB64)),
          (manifest) => this.#judge(manifest, signedManifestB64),
        ),
      (cause) => ({
        refusal: new DartcError("manifest_rejected", "The signed manifest does not verify", {
          cause,
        }),
      }),
    );
    return andThen(checked, (result) => {
      if (result.refusal === undefined) this.#last = result;
      return result;
    });
  }

  #judge(manifest: M, signedManifestB64: string): CheckedManifest<M> {
    const { podId, ownerPubkey } = this.#options;
    const claims = manifestClaims(manifest);
    if (!claims.podIds.includes(podId)) {
      return { refusal: new DartcError("pod_mismatch", "The manifest is another pod's") };
    }
    if (ownerPubkey !== undefined && claims.ownerPubkey !== ownerPubkey) {
      return { refusal: new DartcError("owner_mismatch", "The manifest is another owner's") };
    }
    return { manifest, signedManifestB64 };
  }
}
