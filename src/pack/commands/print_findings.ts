import { green, oneLine, print, red, yellow } from "../../base/native.ts";
import type { Finding } from "../doctor/finding.ts";

/** Prints what a doctor found, a line each, and below it what to do. */
export function printFindings(findings: readonly Finding[]): void {
  const width = Math.max(...findings.map(({ check }) => check.length));
  for (const { check, status, found, todo } of findings) {
    print(`${mark(status)}  ${oneLine(check).padEnd(width)}  ${oneLine(found)}`);
    if (todo !== undefined) print(`${" ".repeat(6 + width)}  → ${oneLine(todo)}`);
  }
}

function mark(status: Finding["status"]): string {
  switch (status) {
    case "good":
      return green("ok  ");
    case "warn":
      return yellow("warn");
    case "bad":
      return red("bad ");
  }
}
