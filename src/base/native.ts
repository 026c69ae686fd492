/**
 * The second door of `base`: what needs Deno, files or a command line. Closed to the rooms that
 * a browser loads.
 *
 * @module
 */
export { reachLoopbackDirectly } from "./direct_loopback.ts";
export { writeFileAtomic, type WriteFileAtomicOptions } from "./atomic_file.ts";
export { Argument, Command, CommanderError, InvalidArgumentError, Option } from "./args.ts";
export { type ExitCode, runCommandLine, SaidAlready } from "./command_line.ts";
export {
  type Progress,
  type ProgressScreen,
  progressText,
  sizeText,
  startProgress,
} from "./progress.ts";
export { fileFailure, whyNoFile } from "./file_failure.ts";
export { surviveUncaught } from "./survive_uncaught.ts";
export { WrongUse, wrongUseFor } from "./wrong_use.ts";
export { green, oneLine, print, printFailure, red, warn, yellow } from "./terminal.ts";
