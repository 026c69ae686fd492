/** After these a voice makes a pause. */
const PAUSE = /^(?:br|h\d|p|li|pre|t[dh])$/;

/** What an answer says, for a voice: as many lines as are seen, and nothing of buttons. */
export function spokenText(node: Node): string {
  if (node instanceof Text) return node.data;
  if (!(node instanceof Element) || node.className === "code-head") return "";
  const text = [...node.childNodes].map(spokenText).join("");
  return PAUSE.test(node.localName) ? `${text}\n` : text;
}
