import { ASSET_FILES, type AssetName } from "../asset_files.ts";

/** A program that `deno compile` makes. */
export interface Program {
  readonly name: string;
  /** Its `main.ts`, below the checkout. */
  readonly entry: string;
  /** What it may do, and no more; there is no prompt in a compiled program. */
  readonly permissions: readonly string[];
  /** How V8 is to run it. */
  readonly v8Flags: readonly string[];
  /** The files of `dist/web` that it reads. */
  readonly assets: readonly AssetName[];
  /** Whether it speaks WebRTC, and has the addon beside it. */
  readonly webrtc: "with_addon" | "none";
  /** What code from outside may import of ours, by the name that it uses. */
  readonly shared: readonly string[];
}

/** What commander and Deno's console ask for colours. */
const COLOURS = ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM"];

/** What says which servers are reached directly. */
const PROXIES = ["NO_PROXY", "no_proxy"];

/** What says where temporary files go, and on Windows the system itself. */
const TEMPORARY = ["TMPDIR", "TMP", "TEMP", "SystemRoot", "windir"];

/** The packer's part of it, in both programs that pack. */
const PACKED: readonly AssetName[] = ["page", "core", "licences"];

/** The three programs. */
export const PROGRAMS: readonly Program[] = [
  {
    name: "gemmapod",
    entry: "src/cli/main.ts",
    // net, read, write, env: an owner's tools are the owner's own program, and run in this one.
    // sys: the home folder, what Node's modules look up when a library loads them, the free disk.
    // ffi: the WebRTC addon. run: `--detach` starts this program once more, `dashboard` a browser.
    // It cannot be named here, because nobody knows where it will lie; what serves visitors gives
    // it up at its start.
    permissions: ["net", "read", "write", "env", "ffi", "sys=homedir,hostname,statfs", "run"],
    v8Flags: [],
    assets: [...PACKED, "dashboard"],
    webrtc: "with_addon",
    shared: ["ai", "zod", "zod/v4"],
  },
  {
    name: "gemmapod-signal",
    entry: "src/signal/main.ts",
    permissions: [
      "net",
      "read",
      "write",
      `env=${["GEMMAPOD_SIGNAL_*", "PORT", ...TEMPORARY, ...COLOURS]}`,
    ],
    // In MB: thousands of sockets that say little leave their garbage lie in a larger one.
    v8Flags: ["--max-semi-space-size=2"],
    assets: ["page", "core", "licences"], // what it knows its own pages by
    webrtc: "none",
    shared: [],
  },
  {
    name: "gemmapod-pack",
    entry: "src/pack/main.ts",
    permissions: ["read", "write", "net", `env=${[...COLOURS, ...PROXIES]}`], // net: `deploy`
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
