/** After these a voice makes a pause. */
const BLOCK = /^(?:h\d|p|li|pre|t[dh])$/;

/** What an answer says, for a voice: a line for each block, and nothing of buttons. */
export function spokenText(node: Node): string {
  if (node instanceof Text) return node.data;
  if (!(node instanceof Element) || node.className === "code-head") return "";
  const text = [...node.childNodes].map(spokenText).join("");
  return BLOCK.test(node.localName) ? `${text}\n` : text;
}
