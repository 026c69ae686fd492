/** The names of the globals of a packed page (manifest.md, "Packed page"). */
export const PAGE_GLOBALS = {
  /** Base64 of `core.wasm`, or of its gzip; the first bytes tell. */
  wasm: "__GEMMAPOD_WASM_B64",
  /** Base64 of the signed manifest. */
  manifest: "__GEMMAPOD_MANIFEST_B64",
  /** Base64 of the pod's own script, whose hash is in the manifest. */
  ui: "__GEMMAPOD_UI_B64",
} as const;

/** The largest page, in bytes of UTF-8: what a broker takes (signaling.md, `POST /pods`). */
export const MAX_PAGE_BYTES = 50 * 1024 * 1024;

/** The call that starts a page: the whole text of its last script. */
export const BOOT_CALL = 'GemmaPod.boot(document.getElementById("pod"));';

/**
 * What runs in the frame of a pod's own script before that script: no policy reaches WebRTC, whose
 * STUN would talk to anybody. Here, because a broker that trusts the script has to name both.
 */
export const ENTRY_GUARD = "delete self.RTCPeerConnection;delete self.webkitRTCPeerConnection";
