import type { CandidateInit } from "../signaling/mod.ts";

/**
 * A visitor's offer as a Host applies it, so that the Host becomes the DTLS server.
 *
 * `actpass` leaves the choice to the answerer, which by RFC 8842 5.3 should be the client; with a
 * native visitor that stalls for a second in a third of all connections, and as the server it does
 * in a few of a hundred (pitfalls.md). The answer says `passive`, which any visitor accepts.
 */
export function withVisitorAsDtlsClient(offer: string): string {
  return offer.replaceAll(/^a=setup:actpass(?=\r?$)/gm, "a=setup:active");
}

/** A description without the candidate lines that name a host which we would have to look up. */
export function withoutForeignNames(sdp: string): string {
  return sdp.replaceAll(/^a=candidate:.*(?:\r?\n|$)/gm, (line) => isAddressable(line) ? line : "");
}

/**
 * Whether a candidate names an address, or an mDNS name as browsers give instead of one. Any other
 * name would let a stranger make this machine ask its DNS server whatever they like.
 */
export function isAddressable(candidate: string): boolean {
  // candidate:<foundation> <component> <transport> <priority> <address> … (RFC 8839 5.1)
  const address = candidate.trim().split(" ", 6)[4];
  if (address === undefined) return false;
  return /^[0-9.]+$/.test(address) || /^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/.test(address) ||
    /^[0-9A-Za-z-]+\.local$/i.test(address);
}

/** The address of a candidate of this machine's own (RFC 8839 5.1), where it is of IPv4. */
export function ownIpv4(candidate: string): string | undefined {
  const [, , , , address = "", , , type] = candidate.split(" ");
  return type === "host" && /^[0-9.]+$/.test(address) ? address : undefined;
}

/** A candidate that hides behind an mDNS name, as if it were at an address; undefined for others. */
export function mdnsCandidateAt(candidate: string, address: string): string | undefined {
  const parts = candidate.split(" ");
  return parts[4]?.toLowerCase().endsWith(".local") ? parts.with(4, address).join(" ") : undefined;
}

/** A description of one section with candidates in it (RFC 8839 5.1). */
export function withCandidates(sdp: string, candidates: readonly (CandidateInit | null)[]): string {
  const lines = candidates.map((candidate) => candidate?.candidate)
    .filter((line) => line !== undefined).map((line) => `a=${line}\r\n`);
  return sdp.replace(/(\r?\n)?$/, "\r\n") + lines.join("");
}

/** A candidate as browsers write it: the addon puts the `a=` of an SDP line before it. */
export function candidateAttribute(line: string): string {
  return line.startsWith("a=") ? line.slice(2) : line;
}
