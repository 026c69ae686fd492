/**
 * The only builder: `deno task build [wasm|web|npm|bin|all]`.
 *
 * - `wasm` compiles `core-rs` to `src/core/core.wasm` (checked in, so that nobody needs Rust)
 * - `web` bundles `web/` into `dist/web` with esbuild
 * - `npm` writes the package `@gemmapod/embed` into `dist/npm`: the same as modules, with types
 * - `bin` compiles the three programs into `dist/bin` with `deno compile`
 *
 * @module
 */
import type { BuiltSize } from "./src/assets/build/bundle_web.ts";
import { CodedError, toHex } from "./src/base/mod.ts";

const parts: Record<string, (args: string[]) => Promise<void>> = {
  web: buildWeb,
  npm: buildNpm,
  wasm,
  bin: buildBin,
};

/**
 * Bundles `web/` into `dist/web` and prints how large it became, and what of.
 *
 * @param args `--if-old`: only where `dist/web` is not of these sources
 */
export async function buildWeb(args: readonly string[] = []): Promise<void> {
  const { bundleWeb } = await import("./src/assets/build/bundle_web.ts");
  printSizes(await bundleWeb(args.includes("--if-old") ? "if-old" : "always"));
}

/** Writes the npm package into `dist/npm`, and prints how large its bundles became. */
export async function buildNpm(): Promise<void> {
  const { buildNpmPackage } = await import("./src/assets/build/npm_package.ts");
  printSizes(await buildNpmPackage());
}

function printSizes(built: readonly BuiltSize[]): void {
  for (const { file, bytes, gzipBytes, parts } of built) {
    const columns = [file.padEnd(32), `${bytes}`.padStart(8), `${gzipBytes}`.padStart(8)];
    console.log(`${columns.join(" ")} gzip`);
    console.log(`    ${parts.map(({ name, bytes }) => `${name} ${bytes}`).join(", ")}`);
  }
}

/**
 * Compiles the three programs, for this machine into `dist/bin`, and prints how large they became.
 *
 * @param args `--target linux-x64|linux-arm64|macos-x64|macos-arm64|windows-x64|all`: into folders of
 *   these names below `dist/bin`; `--if-old`: only where the programs there are not of these sources
 */
export async function buildBin(args: readonly string[] = []): Promise<void> {
  const { buildBinaries } = await import("./src/assets/compile/build_binaries.ts");
  await buildWeb(["--if-old"]);
  const { builtLine } = await import("./src/assets/compile/built_line.ts");
  for (const built of await buildBinaries(args)) console.log(builtLine(built));
}

/** Where Debian has what builds `core.wasm`; a rustup toolchain is taken where this one is not. */
const DEBIAN = {
  cargo: "/usr/bin/cargo",
  rustc: "/usr/bin/rustc",
  rustSource: "/usr/lib/rustlib/src/rust",
  linker: "/usr/bin/wasm-ld-22",
  wasmOpt: "/usr/bin/wasm-opt",
};

/** What to do where nothing can build `core.wasm`. */
export const WASM_ADVICE = "apt-get install --no-install-recommends rustc-web cargo-web " +
  "rust-web-src lld-22 binaryen, or rustup target add wasm32-unknown-unknown and install binaryen";

const WASM_TARGET = "wasm32-unknown-unknown";

/** Field elements of five limbs: smaller code than ten, and faster where 64 bits are native. */
const RUST_FLAGS = ['--cfg=curve25519_dalek_bits="64"'];

/** Rust's own optimiser stops at what Binaryen then finds; `strip` drops the list of features. */
const WASM_OPT_ARGS = [
  "-Oz",
  // A function in the body of its only caller is fewer bytes, but more once they are compressed.
  "--one-caller-inline-max-function-size=20",
  ...["bulk-memory", "sign-ext", "mutable-globals", "nontrapping-float-to-int", "reference-types"]
    .map((feature) => `--enable-${feature}`),
  "--enable-multivalue",
];

/** A Rust that can build `core.wasm`. The same name gives the same bytes. */
interface WasmToolchain {
  name: string;
  cargo: string;
  wasmOpt: string;
  args: readonly string[];
  /** For rustc, beside {@linkcode RUST_FLAGS}. */
  flags: readonly string[];
  env: Record<string, string>;
  /** Folders of this machine, and what stands for them in the WASM. */
  remap: Record<string, string>;
}

/** What came of building `core.wasm` again. */
export type WasmRebuild =
  | { kind: "same"; toolchain: string }
  | { kind: "different"; toolchain: string }
  | { kind: "not_comparable"; toolchain: string; expected: string }
  | { kind: "no_toolchain" };

/** Compiles `core-rs` and writes `core.wasm`, its gzip and its constants into `src/core`. */
export async function buildWasm(): Promise<void> {
  const toolchain = await findWasmToolchain();
  if (toolchain === undefined) throw new Error(`Cannot build core.wasm: ${WASM_ADVICE}`);
  const wasm = await compileWasm(toolchain);
  const gzip = await gzipWasm(wasm);
  const folder = new URL("./src/core/", import.meta.url);
  await Deno.writeFile(new URL("core.wasm", folder), wasm);
  await Deno.writeFile(new URL("core.wasm.gz", folder), gzip);
  await Deno.writeTextFile(
    new URL("core_wasm.generated.ts", folder),
    [
      "// Written by `deno task build wasm`.",
      "",
      "/** Bytes of `core.wasm`. */",
      `export const CORE_WASM_BYTES = ${wasm.length};`,
      "",
      "/** SHA-256 of `core.wasm`, lower-case hex. */",
      `export const CORE_WASM_SHA256 = "${await sha256(wasm)}";`,
      "",
      "/** What built it, and builds the same bytes again. */",
      "export const CORE_WASM_TOOLCHAIN =",
      `  "${toolchain.name}";`,
      "",
    ].join("\n"),
  );
  console.log(`src/core/core.wasm  ${wasm.length} bytes, ${gzip.length} as gzip`);
}

/** Builds `core.wasm` once more, elsewhere, and compares it with the one that is checked in. */
export async function rebuildWasm(): Promise<WasmRebuild> {
  const toolchain = await findWasmToolchain();
  if (toolchain === undefined) return { kind: "no_toolchain" };
  const { CORE_WASM_SHA256, CORE_WASM_TOOLCHAIN } = await import(
    "./src/core/core_wasm.generated.ts"
  );
  const { name } = toolchain;
  if (name !== CORE_WASM_TOOLCHAIN) {
    return { kind: "not_comparable", toolchain: name, expected: CORE_WASM_TOOLCHAIN };
  }
  const same = await sha256(await compileWasm(toolchain)) === CORE_WASM_SHA256;
  return { kind: same ? "same" : "different", toolchain: name };
}

/**
 * The gzip of packed pages: by Zopfli, which finds a smaller one than others do, compiled to WASM,
 * so that its bytes are the same everywhere.
 */
export async function gzipWasm(wasm: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  // Only here: it takes every failure of the process for its own.
  const { gzipAsync } = await import("@gfx/zopfli");
  return Uint8Array.from(await gzipAsync(wasm, { numiterations: ZOPFLI_STEPS }));
}

/** More of them find nothing better. */
const ZOPFLI_STEPS = 60;

async function wasm(args: readonly string[]): Promise<void> {
  if (!args.includes("--check")) return await buildWasm();
  const result = await rebuildWasm();
  console.log(`core.wasm: ${JSON.stringify(result)}`);
  if (result.kind !== "same") throw new Error("core.wasm could not be shown to be its source's");
}

async function findWasmToolchain(): Promise<WasmToolchain | undefined> {
  const cargoHome = Deno.env.get("CARGO_HOME") ?? `${Deno.env.get("HOME")}/.cargo`;
  const remap = { [cargoHome]: "cargo" };
  const common = ["rustc", "--locked", "--release", "--lib", "--crate-type", "cdylib"];
  const target = ["--target", WASM_TARGET];
  const debian = await Promise.all(Object.values(DEBIAN).map(exists));
  if (debian.every(Boolean)) {
    const { cargo, rustc, rustSource, linker, wasmOpt } = DEBIAN;
    const versions = [[rustc, "--version"], [linker, "--version"], [wasmOpt, "--version"]] as const;
    const names = await Promise.all(versions.map(([command, arg]) => output(command, [arg])));
    return {
      name: names.join(", "),
      cargo,
      wasmOpt,
      // Debian has no standard library for this target, so it is built from its source.
      args: [
        ...common,
        ...target,
        "-Zbuild-std=core,alloc,panic_abort",
        "-Zbuild-std-features=optimize_for_size",
      ],
      // Nothing panics, and nobody would read the message.
      flags: ["-Zunstable-options", "-Cpanic=immediate-abort"],
      env: {
        PATH: "/usr/bin:/bin", // or cargo takes rustup's rustc
        RUSTC: rustc,
        RUSTC_BOOTSTRAP: "1",
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: linker,
      },
      remap: { ...remap, [rustSource]: "rust" },
    };
  }
  const targets = await output("rustup", ["target", "list", "--installed"]);
  const names = [await output("rustc", ["--version"]), await output("wasm-opt", ["--version"])];
  if (!targets?.includes(WASM_TARGET) || names.includes(undefined)) return undefined;
  return {
    name: `rustup: ${names.join(", ")}`,
    cargo: "cargo",
    wasmOpt: "wasm-opt",
    args: [...common, ...target],
    flags: [],
    env: {},
    remap,
  };
}

async function compileWasm(toolchain: WasmToolchain): Promise<Uint8Array<ArrayBuffer>> {
  const crate = `${import.meta.dirname}/core-rs`;
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-wasm-" });
  try {
    const remap = Object.entries({ [crate]: ".", ...toolchain.remap })
      .map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
    await run(toolchain.cargo, toolchain.args, {
      cwd: crate,
      env: {
        ...toolchain.env,
        CARGO_TARGET_DIR: folder,
        // Wins over any other flags; paths may have spaces.
        CARGO_ENCODED_RUSTFLAGS: [...RUST_FLAGS, ...toolchain.flags, ...remap].join("\x1f"),
      },
    });
    const compiled = `${folder}/${WASM_TARGET}/release/gemmapod_core.wasm`;
    const optimised = `${folder}/core.wasm`;
    await run(toolchain.wasmOpt, [...WASM_OPT_ARGS, compiled, "-o", optimised], {});
    return await Deno.readFile(optimised);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> },
): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args: [...args], ...options })
    .output();
  if (!success) throw new Error(`${command} failed:\n${new TextDecoder().decode(stderr)}`);
}

/** What a command prints, or `undefined` where there is no such command. */
async function output(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(command, { args: [...args] }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

if (import.meta.main) {
  const [part = "all", ...args] = Deno.args;
  const wanted = part === "all" ? ["web", "npm", "bin"] : [part];
  for (const name of wanted) {
    const build = parts[name];
    if (build === undefined) {
      console.error(`Cannot build "${name}": expected wasm, web, npm, bin or all`);
      Deno.exit(2);
    }
    try {
      await build(args);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      console.error(`error: ${error.message}`);
      Deno.exit(error.code === "bad_arguments" ? 2 : 1);
    }
  }
}
