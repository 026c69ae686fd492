import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useBoard } from "./board.ts";

/** Relative times are brought up to date so often, in milliseconds. */
const TICK_MS = 30_000;

const UNITS = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000]] as const;

/** How long ago something was. */
export function Ago(props: { at: number }): JSX.Element | null {
  const { at } = props;
  const { strings: { language } } = useBoard();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [at]);
  if (at <= 0) return null;
  return (
    <time dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString(language)}>
      {agoText(at, now, language)}
    </time>
  );
}

/** "now", "5 min. ago", and a date for what is more than a week ago. */
export function agoText(at: number, now: number, language: string): string {
  const passed = Math.max(0, now - at);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  for (const [unit, ms] of UNITS) {
    if (passed < ms) continue;
    const count = Math.floor(passed / ms);
    if (unit === "day" && count > 7) break;
    return relative.format(-count, unit);
  }
  return passed < 60_000
    ? relative.format(0, "second")
    : new Date(at).toLocaleDateString(language, { dateStyle: "medium" });
}

/** The time of day of something that happened lately. */
export function Clock(props: { at: number }): JSX.Element {
  const { strings: { language } } = useBoard();
  const date = new Date(props.at);
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString(language)}>
      {date.toLocaleTimeString(language, {
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        hour12: false,
      })}
    </time>
  );
}
