/** What the kernel counts of another process: on Linux; NaN elsewhere. */

/** Clock ticks a second in `/proc/<pid>/stat`: 100 on every Linux that people run. */
const TICKS_PER_SECOND = 100;

/** Resident memory, in MB. */
export function memoryMb(pid: number): number {
  const pages = Number(fileOf(pid, "status").match(/VmRSS:\s+(\d+) kB/)?.[1] ?? NaN);
  return Math.round(pages / 1_000);
}

/** CPU time used so far, user and system, in seconds. */
export function cpuSeconds(pid: number): number {
  const fields = fileOf(pid, "stat").replace(/^.*\) /, "").split(" "); // the name may have spaces
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND; // proc(5): utime, stime
}

function fileOf(pid: number, name: string): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/${name}`);
  } catch {
    return "";
  }
}
