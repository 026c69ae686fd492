import { oneLine, print } from "../base/native.ts";

/** The end of a command's `--help`: how it is called. */
export function examples(...calls: readonly string[]): string {
  const lines = calls.map((call) => `  gemmapod ${call}`).join("\n");
  return `\n${calls.length === 1 ? "Example" : "Examples"}:\n${lines}`;
}

/** Prints what a program asked for with `--json`. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Prints rows in columns; what strangers wrote in them stays on its line. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [head, ...rows].map((row) => row.map((cell) => oneLine(cell) || "-"));
  const widths = head.map((_, column) =>
    Math.max(...lines.map((row) => (row[column] ?? "").length))
  );
  for (const row of lines) {
    print(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd());
  }
}

/** A moment as people and programs read it: local time is the reader's business, so UTC. */
export function timeText(unixMs: number): string {
  return new Date(unixMs).toISOString().replace(/\.\d+Z$/, "Z");
}

/** How long ago a moment was, as people say it. */
export function agoText(unixMs: number, now: number = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - unixMs) / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** Whether a person sits there to be asked. */
export function isInteractive(): boolean {
  return Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
}
