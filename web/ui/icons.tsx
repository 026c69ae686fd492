import type { JSX } from "preact";

/** Lines on a 24 by 24 grid. */
const PATHS = {
  send: "M12 19V5m-6 6 6-6 6 6",
  stop: "M8 8h8v8H8z",
  copy: "M9 9h10v10H9zM5 15V5h10",
  check: "m5 12.5 4.5 4.5L19 7.5",
  again: "M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4",
  fresh: "M12 5H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-6M10 14l1-3 7.5-7.5 2 2L13 13z",
  down: "M12 5v14m-6-6 6 6 6-6",
  tool: "M14.5 6.5a4 4 0 0 0-5.3 5.1L4 16.8 7.2 20l5.2-5.2a4 4 0 0 0 5.1-5.3L15 12l-3-3z",
  alert: "M12 8v5m0 3.5v.01M12 3.5 21.5 20h-19z",
  back: "m15 6-6 6 6 6",
  menu: "M5 7h14M5 12h14M5 17h14",
  bin: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  close: "m6 6 12 12M18 6 6 18",
  chevron: "m9 6 6 6-6 6",
  shield: "M12 3l7 3v5c0 4.5-3 8-7 10-4-2-7-5.5-7-10V6zM9 12l2.2 2.2L15.2 10",
  gem: "M6.5 4h11L22 10 12 20.5 2 10zM2 10h20M9 10l3 10 3-10-3-6z",
} as const;

/** A picture that there is. */
export type IconName = keyof typeof PATHS;

/** A picture beside, never instead of, a name: screen readers pass over it. */
export function Icon(props: { name: IconName }): JSX.Element {
  return (
    <svg class={`icon icon-${props.name}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[props.name]} />
    </svg>
  );
}
