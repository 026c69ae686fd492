/**
 * The few checks that the shapes of a page are made of: frames, messages of a broker, what a
 * browser stored.
 *
 * Why not zod: these run for every frame, and in a page whose budget has no place for it
 * (`zod/mini` is an eighth of the page). The tests compare them with a zod schema.
 */

/** An object that is no array, as JSON has them. */
export type JsonObject = Record<string, unknown>;

/** Whether a value is an object and no array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is text. */
export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** Whether a value is a list of text. */
export function isStringArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isString);
}

/** Whether a value is true or false. */
export function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}

/** Whether a value is a number that JSON can carry. */
export function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** Any value, `undefined` aside: a member that has to be there. */
export function isPresent(value: unknown): boolean {
  return value !== undefined;
}

/** The same check, or absent. */
export function optional(check: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || check(value);
}

/** Text, or undefined for whatever else is there. */
export function stringOrUndefined(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
