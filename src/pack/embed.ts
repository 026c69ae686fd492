/** How a deployed pod is put on other people's sites. */
export interface Embed {
  /** Works everywhere, with nothing beside it. */
  readonly iframe: string;
  /** A round button in the corner, from the full bundle, which the site serves itself. */
  readonly element: string;
}

/** The HTML for a pod's address. */
export function embedOf(url: string, title: string): Embed {
  const [src, name] = [escapeAttribute(url), escapeAttribute(title)];
  return {
    iframe: `<iframe src="${src}" title="${name}" ` +
      `style="width: 100%; height: 600px; border: 0" allow="clipboard-write"></iframe>`,
    element: `<script src="gemmapod-shim.iife.js"></script>\n` +
      `<script>GemmaPod.defineElement()</script>\n` +
      `<gemma-pod src="${src}" mode="launcher"></gemma-pod>`,
  };
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
