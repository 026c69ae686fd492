import { ENTRY_GUARD } from "../../src/pod/mod.ts";

/**
 * What the frame of a script may do: run what is in it, and draw with it. It loads nothing; forms,
 * windows and storage its sandbox forbids. Trusted Types keep it from writing a document into
 * another frame, where what {@linkcode ENTRY_GUARD} takes away would be there again. What is left to it
 * is a connection without a request (`preconnect`), which no policy forbids.
 */
const POLICY = "default-src 'none';script-src 'unsafe-inline';style-src 'unsafe-inline';" +
  "img-src data:;trusted-types 'none';require-trusted-types-for 'script'";

/** The document of a script's frame. The script stands in it as it is, so that its hash holds. */
export function frameHtml(script: string): string {
  return `<!doctype html><meta charset="utf-8">` +
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">` +
    `<body><script>${ENTRY_GUARD}</script><script>${script}</script>`;
}
