import { CodedError } from "../base/mod.ts";

/**
 * Steps that no pointer may take: through them a patch would reach what every object shares
 * (runtime.md, "State").
 */
const FORBIDDEN_STEPS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** An array index of RFC 6901 section 4: no sign, no leading zero. */
const ARRAY_INDEX = /^(?:0|[1-9][0-9]*)$/;

/**
 * The steps of a JSON Pointer (RFC 6901), unescaped.
 *
 * Throws `CodedError` `bad_patch` for a text that is none, and for a step that is forbidden.
 */
export function pointerSteps(pointer: string): string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) {
    throw new CodedError("bad_patch", "Cannot read the path: it is not a JSON Pointer");
  }
  const steps = pointer.slice(1).split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const forbidden = steps.find((step) => FORBIDDEN_STEPS.has(step));
  if (forbidden !== undefined) {
    throw new CodedError("bad_patch", `Cannot take the step ${forbidden} of a path: it is refused`);
  }
  return steps;
}

/** Whether a value has a member of its own at a step: an array at an index, an object at a key. */
export function hasStep(value: unknown, step: string): value is Record<string, unknown> {
  if (Array.isArray(value)) return ARRAY_INDEX.test(step) && Number(step) < value.length;
  return typeof value === "object" && value !== null && Object.hasOwn(value, step);
}

/** Whether something may be added to a value at a step. */
export function canAdd(value: unknown, step: string): boolean {
  if (Array.isArray(value)) {
    return step === "-" || (ARRAY_INDEX.test(step) && Number(step) <= value.length);
  }
  return typeof value === "object" && value !== null;
}

/** What is at the end of some steps; undefined where a step leads nowhere. */
export function valueAt(document: unknown, steps: readonly string[]): unknown {
  let value = document;
  for (const step of steps) {
    if (!hasStep(value, step)) return undefined;
    value = value[step];
  }
  return value;
}
