import type { JSX } from "preact";

/** Lines on a 24 by 24 grid. */
const PATHS = {
  gem: "M6.5 4h11L22 10 12 20.5 2 10zM2 10h20M9 10l3 10 3-10-3-6z",
  home: "M4 11.5 12 4l8 7.5M6.5 10v9.5h11V10M10 19.5V14h4v5.5",
  plus: "M12 5v14M5 12h14",
  back: "m14.5 6-6 6 6 6",
  chevron: "m9 6 6 6-6 6",
  pause: "M9 6v12M15 6v12",
  play: "M8 5.5v13l10.5-6.5z",
  restart: "M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4",
  remove: "M6 6l12 12M18 6 6 18",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5",
  send: "M12 19V5m-6 6 6-6 6 6",
  down: "M12 5v14m-6-6 6 6 6-6",
  tool: "M14.5 6.5a4 4 0 0 0-5.3 5.1L4 16.8 7.2 20l5.2-5.2a4 4 0 0 0 5.1-5.3L15 12l-3-3z",
  alert: "M12 8v5m0 3.5v.01M12 3.5 21.5 20h-19z",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
  chat: "M4 5h16v11H11l-4.5 3.5V16H4z",
  host: "M4 5h16v6H4zM4 13h16v6H4zM7.5 8v.01M7.5 16v.01",
  model:
    "M7 7h10v10H7zM10 7V3.5M14 7V3.5M10 20.5V17M14 20.5V17M7 10H3.5M7 14H3.5M20.5 10H17M20.5 14H17",
  broker:
    "M12 13v7.5M12 13a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 15a5.5 5.5 0 0 1 0-8M16 7a5.5 5.5 0 0 1 0 8M5.3 17.7a9.5 9.5 0 0 1 0-13.4M18.7 4.3a9.5 9.5 0 0 1 0 13.4",
  queue: "M4 6h16M4 12h10M4 18h6",
  activity: "M3 12h4l3-8 4 16 3-8h4",
  folder: "M3.5 6h6l2 2.5h9V19h-17z",
  light:
    "M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5",
  dark: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  system: "M3.5 5h17v11h-17zM9 20h6M12 16v4",
} as const;

/** The name of a picture. */
export type IconName = keyof typeof PATHS;

/** A picture beside, never instead of, a name: screen readers pass over it. */
export function Icon(props: { name: IconName }): JSX.Element {
  return (
    <svg class={`icon icon-${props.name}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[props.name]} />
    </svg>
  );
}
