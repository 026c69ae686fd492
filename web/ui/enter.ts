/** Whether a key sends. Enter that ends a word of an input method does not. */
export function isEnter(event: KeyboardEvent): boolean {
  // Safari tells of input methods only by the key code.
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}
