import { type CandidateInit, CANDIDATES_PER_SESSION } from "../signaling/mod.ts";
import { OWN_CANDIDATES_WITHIN_MS } from "./limits.ts";
import { candidateAttribute, ownIpv4, withCandidates } from "./sdp.ts";

/**
 * What the other side must be told of ours: the description, then candidates.
 *
 * The description is kept back until this machine's own candidates are there, which the addon finds
 * at once, so that they go out in it. As messages of their own they queue behind each other for
 * 40 ms (Nagle's algorithm, which a WebSocket client of Deno leaves on). Measured with native
 * visitors, 600 each: opened at p95 after 11 to 19 ms, before 12 to 57; one that failed and was
 * tried again, before four. What is found later, by STUN or TURN, trickles.
 */
export class LocalSide {
  readonly #onCandidate: (candidate: CandidateInit | null) => void;
  readonly #told = Promise.withResolvers<string>();
  #sdp: string | undefined;
  /** Candidates that go out with the description; undefined once it was told. */
  #early: (CandidateInit | null)[] | undefined = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #count = 0;
  #address: string | undefined;
  #closed = false;

  constructor(onCandidate: (candidate: CandidateInit | null) => void) {
    this.#onCandidate = onCandidate;
    this.#told.promise.catch(() => {}); // whoever waits is told; nobody has to wait
  }

  /** The description, as it is to be sent. */
  get sdp(): Promise<string> {
    return this.#told.promise;
  }

  /** An IPv4 address of this machine, once the description was told; undefined where it has none. */
  get address(): string | undefined {
    return this.#address;
  }

  /** The addon gave the description. */
  described(sdp: string): void {
    this.#sdp = sdp;
    this.#tellWithin(this.#early?.length ? 0 : OWN_CANDIDATES_WITHIN_MS);
  }

  /** The addon found a candidate. */
  found(line: string, mid: string): void {
    if (++this.#count > CANDIDATES_PER_SESSION) return; // a broker would close the line for more
    const candidate = candidateAttribute(line);
    this.#address ??= ownIpv4(candidate);
    // An offer of ours has one section, and so has its answer.
    this.#pass({ candidate, sdpMid: mid, sdpMLineIndex: 0 });
  }

  /** The addon found all that there are. */
  complete(): void {
    this.#pass(null);
  }

  /** There will be no description, or no more candidates. */
  close(error: unknown): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#told.reject(error);
  }

  #pass(candidate: CandidateInit | null): void {
    if (this.#closed) return;
    if (this.#early === undefined) return this.#onCandidate(candidate);
    this.#early.push(candidate);
    if (this.#sdp !== undefined) this.#tellWithin(0); // after the others that come with it
  }

  #tellWithin(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), ms);
  }

  #tell(): void {
    const found = this.#early ?? [];
    this.#early = undefined;
    this.#told.resolve(withCandidates(this.#sdp ?? "", found));
    // After whoever awaits the description had the time to send it.
    if (found.includes(null)) this.#timer = setTimeout(() => this.#pass(null));
  }
}
