/**
 * `base`: what every room needs and nothing that one room alone would want.
 *
 * Runs in Deno, Node and browsers. What needs a file system or a command line is behind
 * `native.ts`.
 *
 * @module
 */
export { asCodedError, CodedError, type CodedErrorOptions, errorMessage } from "./coded_error.ts";
export { httpAddress } from "./http_address.ts";
export { type NoAnswer, noAnswer } from "./no_answer.ts";
export { orAborted } from "./or_aborted.ts";
export {
  concatBytes,
  fromBase64,
  fromHex,
  isHex,
  toBase64,
  toHex,
  utf8Decode,
  utf8Encode,
} from "./encoding.ts";
export { createLogger, type Logger, type LoggerOptions, type LogLevel } from "./log.ts";
export { backoffDelay, type BackoffOptions } from "./backoff.ts";
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
} from "./shape.ts";
export { type MaybePromise } from "./maybe_promise.ts";
export { VERSION } from "./version.ts";
export { parseToml, TomlError } from "./toml.ts";
