/** One thing that a program may do. */
export interface Permission {
  /** As Deno names it: `net` is `--allow-net`. */
  readonly allow: "net" | "read" | "write" | "env" | "ffi" | "sys" | "run";
  /** What of it; absent where it is all. */
  readonly only?: string;
  /** What would not work without it. */
  readonly why: string;
}

/** What the Host may do. */
export const HOST_PERMISSIONS: readonly Permission[] = [
  // These four without a limit: an owner's tools are the owner's own program, and run in this one.
  { allow: "net", why: "brokers, models, its own API, and whatever the owner's tools reach" },
  { allow: "read", why: "pods, wherever they are, and what the owner's tools read" },
  { allow: "write", why: "its home, new pods and pages, and what the owner's tools write" },
  { allow: "env", why: "its settings; a Host in the background inherits all of it" },
  { allow: "ffi", why: "the addon that speaks WebRTC; where it is unpacked, nobody knows before" },
  { allow: "sys", only: "homedir", why: "~/.gemmapod" },
  { allow: "sys", only: "hostname", why: "taking the types out of an owner's tools.ts" },
  { allow: "sys", only: "statfs", why: "doctor looks at the free disk" },
  // It can't be named: nobody knows where it will lie. What serves visitors gives it up at its start.
  { allow: "run", why: "this program once more, in the background; a browser, Ollama, systemd" },
];

/** What the broker may do. */
export const BROKER_PERMISSIONS: readonly Permission[] = [
  { allow: "net", why: "the port and address that are set, and the NATS of several brokers" },
  { allow: "read", why: "its settings and pages, wherever they are" },
  { allow: "write", why: "pages, and uploads as they come in" },
  { allow: "env", only: "GEMMAPOD_SIGNAL_*", why: "its settings" },
  { allow: "env", only: "PORT", why: "the port, as platforms that run containers give it" },
  { allow: "env", only: "TMPDIR", why: "where uploads lie without a data folder" },
  { allow: "env", only: "TMP", why: "the same" },
  { allow: "env", only: "TEMP", why: "the same" },
  { allow: "env", only: "SystemRoot", why: "the same on Windows, where neither is set" },
  { allow: "env", only: "CLICOLOR_FORCE", why: "--help asks whether it may be in colour" },
];

/** What the packer may do. */
export const PACKER_PERMISSIONS: readonly Permission[] = [
  { allow: "read", why: "pods and pages, wherever they are" },
  { allow: "write", why: "the same" },
  { allow: "net", why: "deploy and doctor reach a broker" },
  { allow: "env", only: "CLICOLOR_FORCE", why: "--help asks whether it may be in colour" },
  { allow: "env", only: "TERM", why: "a progress bar, where the terminal can show one" },
  { allow: "env", only: "NO_PROXY", why: "this machine is reached directly" },
  { allow: "env", only: "no_proxy", why: "the same" },
];

/** Permissions as flags of Deno. */
export function permissionFlags(permissions: readonly Permission[]): string[] {
  const limits = new Map<string, string[]>();
  for (const { allow, only } of permissions) {
    limits.set(allow, [...limits.get(allow) ?? [], ...only === undefined ? [] : [only]]);
  }
  return [...limits].map(([allow, only]) => `--allow-${allow}${only.length ? `=${only}` : ""}`);
}
