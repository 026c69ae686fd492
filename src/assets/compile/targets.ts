/** A platform that the programs are compiled for. */
export interface Target {
  /** As `deno compile --target` has it. */
  readonly triple: string;
  /** The package of node-datachannel's addon; glibc's on Linux, which `denort` needs anyway. */
  readonly addon: string;
  /** The end of a program's name. */
  readonly suffix: "" | ".exe";
}

/** The platforms, by the names that people know them by. */
export const TARGETS = {
  "linux-x64": {
    triple: "x86_64-unknown-linux-gnu",
    addon: "@node-datachannel/linux-x64-gnu",
    suffix: "",
  },
  "linux-arm64": {
    triple: "aarch64-unknown-linux-gnu",
    addon: "@node-datachannel/linux-arm64-gnu",
    suffix: "",
  },
  "macos-x64": {
    triple: "x86_64-apple-darwin",
    addon: "@node-datachannel/darwin-x64",
    suffix: "",
  },
  "macos-arm64": {
    triple: "aarch64-apple-darwin",
    addon: "@node-datachannel/darwin-arm64",
    suffix: "",
  },
  "windows-x64": {
    triple: "x86_64-pc-windows-msvc",
    addon: "@node-datachannel/win32-x64-msvc",
    suffix: ".exe",
  },
} as const satisfies Readonly<Record<string, Target>>;

/** The name of a {@linkcode Target}. */
export type TargetName = keyof typeof TARGETS;

/** The names of all platforms. */
export const TARGET_NAMES: readonly TargetName[] = Object.keys(TARGETS).filter(isTargetName);

/** Whether there is a platform of this name. */
export function isTargetName(name: string): name is TargetName {
  return Object.hasOwn(TARGETS, name);
}

/** The platform of this machine; undefined where it is none of ours. */
export function ownTarget(): TargetName | undefined {
  return TARGET_NAMES.find((name) => TARGETS[name].triple === Deno.build.target);
}
