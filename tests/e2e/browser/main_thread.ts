import type { Page } from "../../libraries/playwright.ts";

/** One task of a page's main thread: while it runs, nothing else of the page moves. */
export interface MainTask {
  /** What the thread worked, milliseconds: it is the same however busy the machine is otherwise. */
  cpuMs: number;
  /** Who gave it, as Chromium names it. */
  from: string;
}

/** Of Chromium's trace events, what is read here; times are in microseconds. */
interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  ts: number;
  /** Of the thread's own clock, which stands still while the thread waits for a processor. */
  tdur?: number;
  args?: { src_file?: string; src_func?: string };
}

/** Marks in the trace which thread is the page's, and when the scene began and ended. */
const [BEGIN, END] = ["scene-begins", "scene-ends"];

/**
 * Runs a scene, and tells all tasks of the page's main thread meanwhile, the longest first. Layout,
 * style and paint are in them as well as scripts. One at a time in a browser.
 */
export async function mainTasks(page: Page, scene: () => Promise<void>): Promise<MainTask[]> {
  const browser = page.context().browser();
  if (browser === null) throw new TypeError("Cannot trace a page without a browser");
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing"] });
  const mark = (name: string) => page.evaluate((name) => void performance.mark(name), name);
  await mark(BEGIN);
  await scene();
  await mark(END);
  const trace = JSON.parse(new TextDecoder().decode(await browser.stopTracing()));
  const events: TraceEvent[] = trace.traceEvents;
  const [begin, end] = [BEGIN, END].map((name) => events.find((event) => event.name === name));
  if (begin === undefined || end === undefined) throw new Error("The trace lacks the scene");
  return events
    .filter(({ name, pid, tid, ts }) =>
      name === "ThreadControllerImpl::RunTask" && pid === begin.pid && tid === begin.tid &&
      ts >= begin.ts && ts <= end.ts
    )
    .map(({ tdur = 0, args }) => ({
      cpuMs: tdur / 1000,
      from: `${args?.src_file ?? ""} ${args?.src_func ?? ""}`,
    }))
    .toSorted((a, b) => b.cpuMs - a.cpuMs);
}

/** Works without a pause, in the page, for well over 50 ms of any machine's processor. */
export function toil(): number {
  let sum = 1;
  for (let i = 0; i < 60_000_000; i++) sum = Math.imul(sum, 31) + i | 0;
  return sum;
}
