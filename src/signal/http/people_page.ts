import { createHash } from "node:crypto";

/** What differs between the broker's own pages. */
export interface PeoplePage {
  lang: string;
  /** Text. */
  title: string;
  /** HTML. */
  body: string;
}

/** A page of the broker's own, for people: text alone, no script, nothing from elsewhere. */
export function peoplePage({ lang, title, body }: PeoplePage): string {
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

/** Text for an element or an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The headers of such a page. It stands in the origin of the pods and runs nothing at all. */
export function peoplePageHeaders(): Record<string, string> {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
  };
}

const STYLE = `
:root { color-scheme: light dark;
  --ground: #fbfaf8; --ink: #1c1b19; --quiet: #5d5a54; --line: #dedad3; --panel: #f3f0eb; --link: #0b57a4; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #16171a; --ink: #ececea; --quiet: #a9a8a3; --line: #35363b; --panel: #1f2125; --link: #8ab9f4; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 17px/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 44rem; margin: 0 auto; padding: clamp(1.5rem, 6vw, 5rem) clamp(1rem, 5vw, 2rem); }
h1 { font-size: clamp(1.7rem, 1.2rem + 2vw, 2.5rem); line-height: 1.15; margin: 0 0 1rem;
  letter-spacing: -0.015em; text-wrap: balance; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 2.5rem 0 .5rem; }
p { margin: 0 0 1rem; max-width: 40rem; }
.lead { font-size: 1.15rem; }
.eyebrow { color: var(--quiet); margin-bottom: .5rem; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, pre:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; border-radius: 2px; }
dl { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 2rem 0; padding: 1rem 0;
  border-block: 1px solid var(--line); }
dl div { display: flex; flex-direction: column-reverse; }
dt { color: var(--quiet); font-size: .9rem; }
dd { margin: 0; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
pre { margin: 0 0 1rem; padding: .85rem 1rem; background: var(--panel); border: 1px solid var(--line);
  border-radius: 8px; overflow-x: auto; overflow-wrap: normal;
  font: .9rem/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
code { font: .92em ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
footer { margin-top: 3rem; color: var(--quiet); font-size: .9rem; }
`;

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
