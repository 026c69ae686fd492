/**
 * The second door of `core`: what native processes have and browsers have not. Closed to the rooms
 * that a browser loads.
 *
 * @module
 */
export { nodeEd25519 } from "./node_ed25519.ts";
