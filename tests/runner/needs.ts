import { findChromium } from "./chromium.ts";
import { findFirefox } from "./firefox.ts";
import { findNatsServer } from "./nats_server.ts";

/** What a part of the tests needs of the machine, and how to get it. */
export interface Need {
  /** Which tests stand on it. */
  what: string;
  /** Whether it is here. */
  found(): Promise<boolean>;
  /** Debian's packages that bring it. */
  packages: readonly string[];
  /** Brings what is no package of Debian's, without rights over the machine. */
  install?: () => Promise<boolean>;
  /** What a person does where packages can't be installed for them. */
  advice: string;
}

/** Chromium, for every test that opens a page. */
export const CHROMIUM: Need = {
  what: "the browser tests (Chromium)",
  found: async () => await findChromium() !== undefined,
  packages: ["chromium"],
  advice: "install Chromium or Chrome (Debian: apt-get install chromium), or set CHROMIUM to it",
};

/** Firefox, for the main job in another browser than Chromium. */
export const FIREFOX: Need = {
  what: "the main job in Firefox",
  found: async () => await findFirefox() !== undefined,
  packages: ["firefox-esr"],
  advice: "install Firefox (Debian: apt-get install firefox-esr), or set FIREFOX to its path",
};

/** nats-server, for the tests of many brokers that share one. */
export const NATS: Need = {
  what: "the tests of brokers that share a bus (nats-server)",
  found: async () => await findNatsServer() !== undefined,
  packages: ["nats-server"],
  advice: "install nats-server (Debian: apt-get install nats-server), or set NATS_SERVER to it",
};

/** The Rust that rebuilds `core.wasm` byte for byte. */
export const WASM_TOOLCHAIN: Need = {
  what: "the byte-for-byte rebuild of core.wasm (Rust)",
  found: async () =>
    await isExecutable("/usr/bin/wasm-ld-22") && await isExecutable("/usr/bin/wasm-opt") &&
    await isExecutable("/usr/bin/cargo"),
  packages: ["rustc-web", "cargo-web", "rust-web-src", "lld-22", "binaryen"],
  advice: "apt-get install rustc-web cargo-web rust-web-src lld-22 binaryen (Debian 12)",
};

/** What operators run a broker with: its service files are tried on the real programs. */
export const OPERATORS_TOOLS: Need = {
  what: "the tests of the broker's service files (promtool, nginx, caddy, systemd-analyze)",
  found: async () =>
    await isExecutable("/usr/bin/promtool") && await isExecutable("/usr/sbin/nginx") &&
    await isExecutable("/usr/bin/caddy") && await isExecutable("/usr/bin/systemd-analyze") &&
    await isExecutable("/usr/bin/python3"),
  packages: ["prometheus", "nginx-light", "caddy", "systemd", "python3"],
  advice: "apt-get install prometheus nginx-light caddy systemd python3 (Debian 12)",
};

/** The sqlite3 that the README forgets a pod's conversations with. */
export const SQLITE: Need = {
  what: "the commands of the READMEs (sqlite3)",
  found: () => isExecutable("/usr/bin/sqlite3"),
  packages: ["sqlite3"],
  advice: "install sqlite3 (Debian: apt-get install sqlite3)",
};

/** What {@linkcode bring} did. */
export type Brought = "here" | "installed" | "missing";

/**
 * Finds what a test needs, or installs it where the user may: root on Debian, as in a container or
 * CI. Never asks and never fails: the caller decides what `missing` means.
 */
export async function bring(need: Need): Promise<Brought> {
  if (await need.found()) return "here";
  if (need.install !== undefined) {
    console.log(`installing what is needed for ${need.what}`);
    return await need.install() && await need.found() ? "installed" : "missing";
  }
  if (!await canInstall()) return "missing";
  console.log(`installing ${need.packages.join(" ")} for ${need.what}`);
  const installed = await apt(["update", "-qq"]) &&
    await apt(["install", "-y", "-qq", "--no-install-recommends", ...need.packages]);
  return installed && await need.found() ? "installed" : "missing";
}

async function canInstall(): Promise<boolean> {
  return Deno.build.os === "linux" && Deno.uid() === 0 && await isExecutable("/usr/bin/apt-get");
}

async function apt(args: readonly string[]): Promise<boolean> {
  const { success } = await new Deno.Command("/usr/bin/apt-get", {
    args: [...args],
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).output();
  return success;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    const { isFile, mode } = await Deno.stat(path);
    return isFile && ((mode ?? 0) & 0o111) !== 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
