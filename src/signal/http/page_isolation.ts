import type { PodRecord, Registry } from "../registry/registry.ts";
import type { RuntimeTrust } from "../runtime_trust.ts";

/** How a page is kept from the other pages of its broker (signaling.md, "HTTP", last part). */
export type PageIsolation =
  /** It runs known runtimes alone: exactly these scripts, in the origin that all such pages share. */
  | { readonly kind: "known"; readonly scriptHashes: readonly string[] }
  /** It may run anything: in an origin of its own, where it keeps nothing. */
  | { readonly kind: "sandboxed"; readonly reason: SandboxReason }
  /** The operator answers for every page (`--isolation off`). */
  | { readonly kind: "off" };

/** Why a page is sandboxed. */
export type SandboxReason =
  /** It is more than runtimes, their data and the call of `boot`. */
  | { readonly why: "scripts" }
  /** It runs these that the broker does not know, SHA-256 in hex. */
  | { readonly why: "runtimes"; readonly unknown: readonly string[] }
  /** Its pod is another owner's. */
  | { readonly why: "owner" };

/**
 * A page shares the origin, and with it the storage, of others only when it runs nothing but
 * runtimes we know and speaks for a pod that is its owner's: the runtime keeps conversations by pod
 * id, and a stranger's page for the same pod would find them.
 *
 * @param trust undefined where every page is its operator's own
 */
export async function isolationOf(
  record: PodRecord,
  trust: RuntimeTrust | undefined,
  registry: Pick<Registry, "owner">,
): Promise<PageIsolation> {
  if (trust === undefined) return { kind: "off" };
  const { scripts, podId, ownerPubkey } = record;
  if (scripts === null) return sandboxed({ why: "scripts" });
  const unknown = await trust.unknownOf(scripts.runtimes);
  if (unknown.length > 0) return sandboxed({ why: "runtimes", unknown });
  // A pod without an id is nobody's: a runtime would make one of its name, and so take another's.
  if (podId === "" || await registry.owner(podId) !== ownerPubkey) {
    return sandboxed({ why: "owner" });
  }
  return { kind: "known", scriptHashes: scripts.hashes };
}

function sandboxed(reason: SandboxReason): PageIsolation {
  return { kind: "sandboxed", reason };
}
