import * as z from "zod";
import { nearestName } from "./nearest_name.ts";
import type { TomlPath } from "./toml_lines.ts";

/** A key that a schema does not know. */
export interface UnknownKey {
  readonly path: TomlPath;
  /** The names that the schema knows at that place. */
  readonly known: readonly string[];
  /** What was probably meant, as a phrase. */
  readonly hint?: string;
}

/** Every key of `value` that `schema` does not know, down to the values that may be anything. */
export function unknownKeys(schema: z.ZodType, value: unknown): UnknownKey[] {
  const places = placesOf(schema, []);
  const found: UnknownKey[] = [];
  walk(schema, value, []);
  return found;

  function walk(part: z.ZodType, at: unknown, path: TomlPath): void {
    const inner = unwrapped(part);
    if (inner instanceof z.ZodArray && Array.isArray(at)) {
      at.forEach((item, index) => walk(elementOf(inner), item, [...path, index]));
    } else if (inner instanceof z.ZodObject && isTable(at)) {
      const shape = shapeOf(inner);
      const known = Object.keys(shape);
      for (const [key, member] of Object.entries(at)) {
        const next = Object.hasOwn(shape, key) ? shape[key] : undefined;
        if (next !== undefined) walk(next, member, [...path, key]);
        else found.push({ path: [...path, key], known, hint: hintFor(key, known) });
      }
    }
  }

  function hintFor(key: string, known: readonly string[]): string | undefined {
    const near = nearestName(key, known);
    if (near !== undefined) return `did you mean ${near}?`;
    const place = places.find(({ name }) => name === key);
    return place && `${key} belongs under ${place.table}`;
  }
}

/** Where each name of the schema belongs: `[llm]`, `[[tools]]`, the top of the file. */
function placesOf(
  schema: z.ZodType,
  path: readonly string[],
  isList = false,
): { name: string; table: string }[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodArray) return placesOf(elementOf(inner), path, true);
  if (!(inner instanceof z.ZodObject)) return [];
  const header = isList ? `[[${path.join(".")}]]` : `[${path.join(".")}]`;
  const table = path.length === 0 ? "the top of the file" : header;
  return Object.entries(shapeOf(inner)).flatMap(([name, member]) => [
    { name, table },
    ...placesOf(member, [...path, name]),
  ]);
}

function unwrapped(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) {
    // zod types what is inside by its core; our schemas are made with its classic classes only.
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}

function elementOf(array: z.ZodArray): z.ZodType {
  return array.element as z.ZodType; // as above
}

function shapeOf(object: z.ZodObject): Readonly<Record<string, z.ZodType>> {
  return object.shape as Readonly<Record<string, z.ZodType>>; // as above
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}
