/** The style is set on the element: a page's policy may forbid style sheets and attributes. */
const BOX = {
  boxSizing: "border-box",
  maxWidth: "40rem",
  margin: "2rem auto",
  padding: "1rem 1.25rem",
  border: "2px solid #c62828",
  borderRadius: "0.75rem",
  background: "#fdecea",
  color: "#8c1d18",
  font: "16px/1.5 system-ui, sans-serif",
  overflowWrap: "anywhere",
} as const;

/** The red box that stands in the place of a pod that is not shown. */
export function refusalBox(reason: string): HTMLElement {
  const box = document.createElement("div");
  box.setAttribute("role", "alert");
  box.dataset.gemmapod = "refused";
  Object.assign(box.style, BOX);
  box.textContent = `gemmapod refused to mount: ${reason}`;
  return box;
}
