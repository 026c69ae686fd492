import type { Channel } from "../dartc/mod.ts";
import type { CandidateInit } from "../signaling/mod.ts";
import type { IceServer } from "./ice_servers.ts";

/** How a connection stands (W3C WebRTC 4.3.3); nothing comes after `closed`. */
export type PeerState = "new" | "connecting" | "connected" | "disconnected" | "failed" | "closed";

/** What both sides of a connection are made with. */
export interface PeerOptions {
  /** Who tells the address that the world sees. Empty: this machine's own addresses only. */
  iceServers: readonly IceServer[];
  /**
   * A local candidate that was found after `localSdp`, which has the first ones in it; or that
   * there are no more. Send it at once.
   */
  onCandidate(candidate: CandidateInit | null): void;
  /** Closes when aborted. */
  signal?: AbortSignal;
  /**
   * Whether the other side runs on this machine, as it does where the broker has a loopback address.
   * A browser hides its addresses behind mDNS names, which few machines can look up; `likely` tries
   * its ports at our own address as well. Measured with Chromium: open after 16 ms instead of 70.
   * Elsewhere the try is lost, and may put off others by 50 ms.
   * @default "unknown"
   */
  sameMachine?: "likely" | "unknown";
}

/** One side of a WebRTC connection that carries one DARTC channel. */
export interface NativePeer extends AsyncDisposable {
  /**
   * The local description: the offer of a visitor, the answer of a Host. Rejects where there will
   * be none, with the codes of `channel`.
   */
  readonly localSdp: Promise<string>;
  /**
   * The channel `dartc.v0`, once it is open. Rejects with `CodedError` `rtc_failed` when no
   * connection came about, `rtc_closed` when it was closed before, `rtc_unavailable` when this
   * machine has no WebRTC.
   */
  readonly channel: Promise<Channel>;
  readonly state: PeerState;
  /** Applies the other side's description. One that cannot be read fails the connection. */
  setRemote(sdp: string): void;
  /** A candidate of the other side; kept until its description is there. Bad ones are left out. */
  addCandidate(candidate: CandidateInit | null): void;
  /** Sets who is told each change of `state`. */
  onState(handler: (state: PeerState) => void): void;
  /**
   * Lets go in the order that loses no message: waits until what was sent is out, closes the
   * channel, then the connection. May be called from any callback, and more than once.
   */
  close(reason?: string): Promise<void>;
}
