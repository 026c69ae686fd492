import { CodedError, isObject, isString } from "../../src/base/mod.ts";

/** The longest text that a pod may hand over, in characters. */
export const MAX_TEXT = 1_000_000;

/** What is wrong with an input. */
export function badInput(message: string): CodedError {
  return new CodedError("bad_input", message);
}

/** A member of an input, which may be anything; undefined where it has none. */
export function fieldOf(input: unknown, key: string): unknown {
  return isObject(input) && Object.hasOwn(input, key) ? input[key] : undefined;
}

/** A member that has to be text of at least one character. Throws `bad_input`. */
export function textOf(input: unknown, key: string, most: number = MAX_TEXT): string {
  const value = fieldOf(input, key);
  if (isString(value) && value !== "" && value.length <= most) return value;
  throw badInput(`${key} must be text of 1 to ${most} characters`);
}

/** The same, or absent. */
export function optionalText(input: unknown, key: string, most?: number): string | undefined {
  return fieldOf(input, key) === undefined ? undefined : textOf(input, key, most);
}
