import { toBase64, utf8Encode } from "../../base/mod.ts";

/** The gem of `web/dashboard/view/icons.tsx`, as a picture for the browser's tab. */
const ICON = "data:image/svg+xml," + encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#7a73ff" stroke-width="1.75" stroke-linejoin="round"><path d="M6.5 4h11L22 10 12 20.5 2 10zM2 10h20M9 10l3 10 3-10-3-6z"/></svg>`,
);

/**
 * The dashboard as one page. Its policy lets in nothing but this one script, known by its hash, and
 * lets it talk to nobody but the Host: whatever a visitor or a model wrote, it cannot become code.
 *
 * @param script a classic script whose global, `GemmaPod`, has `start`
 */
export async function dashboardHtml(script: string): Promise<string> {
  const code = `${script.trim()}\nGemmaPod.start();`;
  const hash = toBase64(
    new Uint8Array(await crypto.subtle.digest("SHA-256", utf8Encode(code))),
  );
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>GemmaPod</title>
<link rel="icon" href="${ICON}">
</head>
<body>
<noscript>The dashboard needs JavaScript.</noscript>
<script>${code}</script>
</body>
</html>
`;
}
