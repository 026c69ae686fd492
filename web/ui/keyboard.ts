/** Whether the focus in a field costs nothing: with a finger it brings a keyboard over the page. */
export function hasKeyboard(): boolean {
  return matchMedia("(hover: hover) and (pointer: fine)").matches;
}
