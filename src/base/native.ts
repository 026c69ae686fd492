/**
 * The second door of `base`: what needs Deno, files or a command line. Closed to the rooms that
 * a browser loads.
 *
 * @module
 */
export { writeFileAtomic, type WriteFileAtomicOptions } from "./atomic_file.ts";
export { Command, CommanderError, InvalidArgumentError, Option } from "./args.ts";
export { type ExitCode, runCommandLine, SaidAlready } from "./command_line.ts";
export { green, oneLine, print, printFailure, red, warn, yellow } from "./terminal.ts";
