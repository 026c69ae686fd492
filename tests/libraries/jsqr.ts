/**
 * The door to jsQR, which reads QR codes out of pixels. Not in `deno.json`, for the reason of
 * `fast_check.ts`.
 *
 * @module
 */
import jsqr from "npm:jsqr@1.4.0";

/** The text of the QR code in some pixels, RGBA; undefined where there is none. */
export function readQr(
  pixels: Uint8ClampedArray<ArrayBuffer>,
  width: number,
  height: number,
): string | undefined {
  // The package's types describe its module as CommonJS has it.
  const read = jsqr as unknown as (
    pixels: Uint8ClampedArray,
    width: number,
    height: number,
  ) => { data: string } | null;
  return read(pixels, width, height)?.data;
}
