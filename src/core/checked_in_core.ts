/**
 * The bytes of the `core.wasm` beside this module, imported when it is wanted, so that a program
 * which needs no core does not read it. No bundle has this module: pages give their own copy.
 */
export async function checkedInCore(): Promise<BufferSource> {
  return (await import("./core.wasm", { with: { type: "bytes" } })).default;
}
