import { WRITTEN_BY } from "../../host/native.ts";

/** A service file: not there, ours, or somebody else's. */
export type Installed =
  | { readonly kind: "none" }
  | { readonly kind: "ours" | "foreign"; readonly text: string };

/** Looks at a service file. Only what `gemmapod service install` has written is ours to change. */
export async function installed(path: string): Promise<Installed> {
  let text;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { kind: "none" };
    throw error;
  }
  return { kind: text.includes(WRITTEN_BY) ? "ours" : "foreign", text };
}
