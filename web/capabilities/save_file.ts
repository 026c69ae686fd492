import { fromBase64 } from "../../src/base/mod.ts";
import { MAX_TEXT, optionalText, textOf } from "./fields.ts";

/** How long the browser has to begin, in milliseconds; it reads the file then. */
const KEPT_MS = 60_000;

/** `file.save`: `{name, text}` or `{name, base64}`, and its `type`. */
export function saveFile(input: unknown): true {
  const base64 = optionalText(input, "base64", 4 * MAX_TEXT);
  const content = base64 === undefined ? textOf(input, "text") : fromBase64(base64);
  const type = optionalText(input, "type", 100) ?? "text/plain";
  const link = document.createElement("a");
  link.download = fileName(textOf(input, "name", 200));
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
  return true;
}

/** A name without a folder, hidden characters or a turn of the direction that it is read in. */
export function fileName(name: string): string {
  return name.replace(/[\p{C}/\\:*?"<>|]/gu, "_").replace(/^[.\s]+/, "").slice(0, 100) || "file";
}
