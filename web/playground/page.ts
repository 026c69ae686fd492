/** The element of the page with this id. Throws where there is none: the page and its script differ. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`This page has no #${id}`);
  return found;
}

/** An element with a text, and attributes. */
export function made(
  tag: string,
  text: string,
  attributes: Readonly<Record<string, string>> = {},
): HTMLElement {
  const one = document.createElement(tag);
  one.textContent = text;
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
  return one;
}

/** A line of a list: what, and a number or word about it. */
export function listItem(what: string, about: string): HTMLElement {
  const item = document.createElement("li");
  item.append(made("span", what), made("span", about));
  return item;
}

/** Loads the page again when the server was started anew, as it is when a source changed. */
export function reloadOnChange(): void {
  let known: string | undefined;
  new EventSource("changes").addEventListener("message", ({ data }) => {
    if (known !== undefined && known !== data) location.reload();
    known = data;
  });
}
