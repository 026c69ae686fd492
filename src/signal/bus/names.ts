import { createHash, randomBytes } from "node:crypto";

/**
 * Names on the bus. A client chooses pod ids, and NATS gives `.`, `*` and `>` a meaning: only
 * hashes of pod ids are ever part of a subject or a key.
 *
 * A NATS that others use, too, may allow a broker no more than to publish and subscribe
 * `gemmapod.1.>` and `_INBOX.>`, and to publish `$JS.API.>`, `$KV.gemmapod-origins.>`,
 * `$KV.gemmapod-records.>` and `$O.gemmapod-pages.>`.
 */
const PREFIX = "gemmapod.1";

/** A new name for a broker or a link: 22 characters of base64url, 128 random bits. */
export function newName(): string {
  return randomBytes(16).toString("base64url");
}

/**
 * A pod id as a token of NATS subjects and keys: 43 characters of base64url.
 *
 * @example
 * ```ts
 * import { podToken } from "./names.ts";
 *
 * if (!/^[A-Za-z0-9_-]{43}$/.test(podToken("a.*.>"))) throw new Error();
 * ```
 */
export function podToken(podId: string): string {
  return createHash("sha256").update(podId).digest("base64url");
}

/** Where offers for a pod go. */
export function podSubject(podId: string): string {
  return `${PREFIX}.pod.${podToken(podId)}`;
}

/** Where everything else for a broker goes. */
export function brokerSubject(broker: string): string {
  return `${PREFIX}.broker.${broker}`;
}

/** Where NATS says that nobody listens to what a link sent; `*` for every link. */
export function nobodySubject(broker: string, link: string): string {
  return `${PREFIX}.nobody.${broker}.${link}`;
}
