import { ASSET_FILES, type AssetName } from "../asset_files.ts";
import {
  BROKER_PERMISSIONS,
  HOST_PERMISSIONS,
  PACKER_PERMISSIONS,
  type Permission,
} from "./program_permissions.ts";

/** A program that `deno compile` makes. */
export interface Program {
  readonly name: string;
  /** Its `main.ts`, below the checkout. */
  readonly entry: string;
  /** What it may do, and no more; there is no prompt in a compiled program. */
  readonly permissions: readonly Permission[];
  /** How V8 is to run it. */
  readonly v8Flags: readonly string[];
  /** The files of `dist/web` that it reads. */
  readonly assets: readonly AssetName[];
  /** Whether it speaks WebRTC, and has the addon beside it. */
  readonly webrtc: "with_addon" | "none";
  /** What code from outside may import of ours, by the name that it uses. */
  readonly shared: readonly string[];
}

/** The packer's part of it, in both programs that pack. */
const PACKED: readonly AssetName[] = ["page", "core", "licences"];

/** The three programs. */
export const PROGRAMS: readonly Program[] = [
  {
    name: "gemmapod",
    entry: "src/cli/main.ts",
    permissions: HOST_PERMISSIONS,
    v8Flags: [],
    assets: [...PACKED, "dashboard"],
    webrtc: "with_addon",
    shared: ["ai", "zod", "zod/v4"],
  },
  {
    name: "gemmapod-signal",
    entry: "src/signal/main.ts",
    permissions: BROKER_PERMISSIONS,
    // In MB: thousands of sockets that say little leave their garbage lie in a larger one.
    v8Flags: ["--max-semi-space-size=2"],
    assets: ["page", "core", "licences"], // what it knows its own pages by
    webrtc: "none",
    shared: [],
  },
  {
    name: "gemmapod-pack",
    entry: "src/pack/main.ts",
    permissions: PACKER_PERMISSIONS,
    v8Flags: [],
    assets: PACKED,
    webrtc: "none",
    shared: [],
  },
];

/** Where a program finds a file of `dist/web`, below its own root. */
export function assetPath(name: AssetName): string {
  return `dist/web/${ASSET_FILES[name]}`;
}
