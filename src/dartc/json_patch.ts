import { applyOperation, type Operation } from "fast-json-patch/module/core.mjs";
import { CodedError, isObject, isString } from "../base/mod.ts";
import { canAdd, pointerSteps, valueAt } from "./json_pointer.ts";
import { MAX_STATE_CHARS } from "./limits.ts";

/**
 * The document with a patch applied (RFC 6902); the given document stays as it is, so that a patch
 * which fails half-way has done nothing.
 *
 * fast-json-patch does the work, and this the checks that it leaves out: own members only, indexes
 * without leading zeros, no `move` into itself, no step that reaches a prototype.
 *
 * Throws `CodedError` `bad_patch`.
 */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) {
    throw new CodedError("bad_patch", "Cannot apply the patch: it is not a list of operations");
  }
  let result = cloneJson(document);
  const budget = { chars: MAX_STATE_CHARS };
  patch.forEach((given: unknown, index) => {
    for (const operation of asSimple(result, readOperation(given, index), index, budget)) {
      checkPlace(result, operation, index);
      try {
        // Unchecked, for all was checked here; in place; never a prototype. Bundles have these
        // three as constants (`src/assets/build/patch_library.ts`).
        result = applyOperation(result, operation, false, true, true, index).newDocument;
      } catch (thrown) {
        // The library's message holds the whole document.
        throw refusal(operation, index, thrown instanceof Error ? thrown.name : "failed");
      }
    }
  });
  return result;
}

/** A copy of a JSON value. `undefined` becomes null, as `JSON.stringify` has it in a list. */
export function cloneJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

type SimpleOperation = Exclude<Operation, { op: "move" | "copy" | "_get" }>;

const OPERATIONS: ReadonlySet<string> = new Set([
  "add",
  "remove",
  "replace",
  "move",
  "copy",
  "test",
]);

function readOperation(given: unknown, index: number): Operation {
  const copy = cloneJson(given);
  if (
    !isObject(copy) || !isString(copy.op) || !isString(copy.path) || !OPERATIONS.has(copy.op)
  ) {
    throw new CodedError("bad_patch", `Cannot apply operation ${index}: it is none of RFC 6902`);
  }
  if (needsValue(copy.op) && !("value" in copy)) {
    throw new CodedError("bad_patch", `Cannot apply operation ${index}: it has no value`);
  }
  if ((copy.op === "move" || copy.op === "copy") && !isString(copy.from)) {
    throw new CodedError("bad_patch", `Cannot apply operation ${index}: it has no from`);
  }
  return copy as unknown as Operation; // exactly what was just checked, member by member
}

function needsValue(op: string): boolean {
  return op === "add" || op === "replace" || op === "test";
}

/**
 * `move` and `copy` in terms of the others (RFC 6902 sections 4.4 and 4.5), so that the place of
 * arrival is checked after the removal.
 *
 * @param budget the characters of JSON that the rest of the patch may carry about: a few dozen copies
 *   of the whole into itself would fill any memory
 */
function asSimple(
  document: unknown,
  operation: Operation,
  index: number,
  budget: { chars: number },
): SimpleOperation[] {
  if (operation.op === "_get") throw refusal(operation, index, "it is none of RFC 6902");
  if (operation.op !== "move" && operation.op !== "copy") return [operation];
  const value = valueAt(document, pointerSteps(operation.from));
  if (value === undefined) throw refusal(operation, index, "no such from");
  const text = JSON.stringify(value);
  budget.chars -= text.length;
  if (budget.chars < 0) throw refusal(operation, index, "the patch makes too much of the state");
  const add: SimpleOperation = { op: "add", path: operation.path, value: JSON.parse(text) };
  if (operation.op === "copy") return [add];
  if (operation.path.startsWith(`${operation.from}/`)) {
    throw refusal(operation, index, "it moves a value into itself");
  }
  return [{ op: "remove", path: operation.from }, add];
}

/** Refuses what RFC 6902 section 4 says must exist, and does not. */
function checkPlace(document: unknown, operation: SimpleOperation, index: number): void {
  const steps = pointerSteps(operation.path);
  const last = steps.at(-1);
  if (operation.op !== "add") {
    if (valueAt(document, steps) === undefined) throw refusal(operation, index, "no such path");
  } else if (last !== undefined && !canAdd(valueAt(document, steps.slice(0, -1)), last)) {
    throw refusal(operation, index, "no such place");
  }
}

function refusal(operation: Operation, index: number, why: string): CodedError {
  return new CodedError(
    "bad_patch",
    `Cannot apply operation ${index} (${operation.op} ${operation.path.slice(0, 100)}): ${why}`,
  );
}
