/** Makes a field as high as its text; the style sheet says how high at most. */
export function fitField(field: HTMLTextAreaElement | null): void {
  if (field === null || CSS.supports("field-sizing", "content")) return; // the browser does it
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
