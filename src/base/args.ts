/**
 * The one door to the command-line library, so that a change to another is a change of one file.
 * `@std/cli` would stand here; JSR is not reachable from every network, `npm:commander` is.
 *
 * @module
 */
export { Argument, Command, CommanderError, InvalidArgumentError, Option } from "@std/cli";
