import { CodedError } from "../base/mod.ts";

/** The version of the boundary that this loader speaks: `ABI_VERSION` of `core-rs/src/abi.rs`. */
const ABI_VERSION = 1;

/**
 * The exports of `core.wasm`, documented in `core-rs/src/machine.rs`. An input is made and filled,
 * an operation reads it whole and takes it away, its answer is in the output until the next one.
 */
interface CoreExports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  input(length: number): number;
  output(): number;
  output_len(): number;
  public_key(): number;
  sign(): number;
  verify(): number;
  open_key(): number;
  sign_with(key: number): number;
  close_key(key: number): void;
  open_manifest(): number;
}

/** The operations that take an input and answer with a number. */
export type Operation = "public_key" | "sign" | "verify" | "open_key" | "open_manifest";

/** An instance of `core.wasm`, as bytes in and bytes out. */
export interface Machine {
  /** Runs an operation on the parts, one after the other; 0 is no. */
  run(operation: Operation, ...parts: readonly Uint8Array[]): number;
  /** Signs with an open key; 0 is no. */
  signWith(key: number, message: Uint8Array): number;
  /** Closes a key; one that is not open is let be. */
  closeKey(key: number): void;
  /** A copy of the answer. */
  output(): Uint8Array<ArrayBuffer>;
}

/**
 * Starts `core.wasm`. Throws `CodedError` `bad_core` when the bytes are not it, or are of another
 * version than this loader.
 */
export async function startMachine(wasm: BufferSource): Promise<Machine> {
  let exports: WebAssembly.Exports;
  try {
    ({ instance: { exports } } = await WebAssembly.instantiate(wasm, {}));
  } catch (cause) {
    throw new CodedError("bad_core", "Cannot load core.wasm: it is damaged or not allowed here", {
      cause,
    });
  }
  if (!isCore(exports)) {
    throw new CodedError("bad_core", "Cannot load core.wasm: it does not fit this program");
  }
  const core = exports;

  function fill(parts: readonly Uint8Array[]): void {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const start = core.input(length);
    if (start === 0) throw new CodedError("too_large", `Cannot take ${length} bytes at once`);
    // The view is made after `input`, which may have grown the memory and detached older views.
    const input = new Uint8Array(core.memory.buffer, start, length);
    let at = 0;
    for (const part of parts) {
      input.set(part, at);
      at += part.length;
    }
  }

  /** The one thing that stops the core is a machine without memory; its state is lost then. */
  function call(operation: () => number): number {
    try {
      return operation();
    } catch (cause) {
      if (cause instanceof CodedError) throw cause;
      throw new CodedError("core_failed", "Cannot go on: core.wasm stopped", { cause });
    }
  }

  return {
    run: (operation, ...parts) =>
      call(() => {
        fill(parts);
        return core[operation]();
      }),
    signWith: (key, message) =>
      call(() => {
        fill([message]);
        return core.sign_with(key);
      }),
    closeKey: (key) => core.close_key(key),
    output: () => new Uint8Array(core.memory.buffer, core.output(), core.output_len()).slice(),
  };
}

/** The version stands for the names and types of all exports, so it is the one thing to look at. */
function isCore(exports: WebAssembly.Exports): exports is CoreExports {
  const version = exports["abi_version"];
  return typeof version === "function" && version() === ABI_VERSION;
}
