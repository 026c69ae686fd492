import { CodedError, errorMessage } from "../base/mod.ts";

/** The raw API of node-datachannel; its W3C polyfill costs a fifth more CPU (pitfalls.md). */
export type Addon = typeof import("node-datachannel");
/** One connection of the addon. */
export type RawPeerConnection = InstanceType<Addon["PeerConnection"]>;
/** One data channel of the addon. */
export type RawDataChannel = ReturnType<RawPeerConnection["createDataChannel"]>;

let loading: Promise<Addon> | undefined;

/**
 * The native addon, loaded at the first call (100 ms), so that a command which needs no WebRTC
 * does not wait for it. The specifier is a literal: `deno compile` follows it.
 *
 * The addon's logger stays off: once set it would keep every process from ending by itself.
 *
 * Rejects with {@linkcode CodedError} `rtc_unavailable`.
 */
export function loadAddon(): Promise<Addon> {
  loading ??= import("node-datachannel").catch((cause) => {
    loading = undefined;
    throw new CodedError(
      "rtc_unavailable",
      `Cannot load WebRTC: there is no addon for this machine (${errorMessage(cause)})`,
      { cause },
    );
  });
  return loading;
}

/**
 * Loads WebRTC and starts its threads ahead of the first connection, which would wait for it.
 *
 * Rejects with {@linkcode CodedError} `rtc_unavailable`.
 */
export async function preloadRtc(): Promise<void> {
  (await loadAddon()).preload();
}
