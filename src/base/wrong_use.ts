import { CodedError, type CodedErrorOptions } from "./coded_error.ts";

/**
 * A program was called in a way that cannot be meant; its exit code is 2. The message says what was
 * found and what was expected.
 */
export class WrongUse extends CodedError {
  override readonly name: string = "WrongUse";

  constructor(message: string, options: CodedErrorOptions = {}) {
    super("wrong_use", message, options);
  }
}

/**
 * Makes errors of some codes those of a wrong call: what was given on the command line is what they
 * are about. All others are thrown as they are.
 *
 * @example
 * ```ts
 * import { CodedError } from "./coded_error.ts";
 * import { wrongUseFor, WrongUse } from "./wrong_use.ts";
 *
 * const made = Promise.reject(new CodedError("bad_name", "Cannot make a pod: its name is empty"));
 * const error = await made.catch(wrongUseFor("bad_name")).catch((error) => error);
 * if (!(error instanceof WrongUse)) throw error;
 * ```
 */
export function wrongUseFor(...codes: readonly string[]): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof CodedError && codes.includes(error.code))) throw error;
    throw new WrongUse(error.message, { cause: error });
  };
}
