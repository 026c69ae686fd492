/** The version of gemmapod, that of `deno.json`; a test holds the two together. */
export const VERSION = "0.7.0";
