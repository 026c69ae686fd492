/** What the kernel counts of another process: on Linux; NaN elsewhere. */

/** Clock ticks a second in `/proc/<pid>/stat`: 100 on every Linux that people run. */
const TICKS_PER_SECOND = 100;

/** Resident memory, in MB. */
export function memoryMb(pid: number): number {
  const kilobytes = Number(fileOf(pid, "status").match(/VmRSS:\s+(\d+) kB/)?.[1] ?? NaN);
  return Math.round(kilobytes / 1_000);
}

/** CPU time used so far, user and system, in seconds. */
export function cpuSeconds(pid: number): number {
  const fields = fileOf(pid, "stat").replace(/^.*\) /, "").split(" "); // the name may have spaces
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND; // proc(5): utime, stime
}

/** Threads. */
export function threads(pid: number): number {
  return Number(fileOf(pid, "status").match(/Threads:\s+(\d+)/)?.[1] ?? NaN);
}

/** Open files, sockets included. */
export function openFiles(pid: number): number {
  try {
    return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
  } catch {
    return NaN;
  }
}

function fileOf(pid: number, name: string): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/${name}`);
  } catch {
    return "";
  }
}
