/** The few checks that DARTC's shapes are made of. */
export {
  isBoolean,
  isFiniteNumber,
  isObject,
  isPresent,
  isString,
  isStringArray,
  type JsonObject,
  optional,
  stringOrUndefined,
} from "../base/mod.ts";
