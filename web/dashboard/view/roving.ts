/** Marks what the arrow keys go through. */
export const ROVE = { "data-rove": "" } as const;

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
};

/**
 * Moves the focus among the marked elements of a list or a toolbar (WAI-ARIA, "Managing focus
 * within components"): the whole of it is one stop of the Tab key.
 */
export function rove(event: KeyboardEvent): void {
  const { currentTarget: list, key } = event;
  if (!(list instanceof HTMLElement)) return;
  const all = [...list.querySelectorAll<HTMLElement>("[data-rove]:not(:disabled)")];
  const at = all.findIndex((one) => one === document.activeElement);
  if (at < 0) return;
  const step = STEPS[key];
  const to = key === "Home"
    ? all[0]
    : key === "End"
    ? all.at(-1)
    : step === undefined
    ? undefined
    : all[(at + step + all.length) % all.length];
  if (to === undefined) return;
  event.preventDefault();
  to.focus();
}
