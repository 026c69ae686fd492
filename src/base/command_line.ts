import { type Command, CommanderError, InvalidArgumentError } from "./args.ts";
import { errorMessage } from "./coded_error.ts";
import { fileFailure } from "./file_failure.ts";
import { withHelpFlag } from "./help_topic.ts";
import { printFailure } from "./terminal.ts";
import { WrongUse } from "./wrong_use.ts";

/** What a program's end says to its caller. */
export type ExitCode = 0 | 1 | 2;

/** A command that failed and has said so itself. */
export class SaidAlready extends Error {
  override readonly name: string = "SaidAlready";

  constructor() {
    super("the command failed and has said why");
  }
}

/**
 * Runs a program's command line: 0 when it did what was asked, 1 when it failed, 2 when it was
 * called in a way that it does not know. Failures are a line on stderr, never a stack.
 */
export async function runCommandLine(
  program: Command,
  args: readonly string[],
): Promise<ExitCode> {
  prepare(program, program.name());
  try {
    await program.parseAsync(withHelpFlag(program, args), { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof SaidAlready)) printFailure(fileFailure(error) ?? errorMessage(error));
    return error instanceof WrongUse ? 2 : 1;
  }
}

/** What the library says of a wrong call that does not say what a right one is. */
const NO_ADVICE = /^(?:unknown|missing|too many) (?!.*\(Did you mean)/s;

/** The narrowest column of text in a help that is worth its breaks, in characters. */
const LEAST_HELP_WIDTH = 24;

/** Has a command, and those below it, throw rather than exit, and refuse to be given nothing. */
function prepare(command: Command, words: string): void {
  // The library's least, 40, leaves what stands beside long terms unwrapped, beyond 80 columns.
  command.exitOverride().configureHelp({ minWidthToWrap: LEAST_HELP_WIDTH }).configureOutput({
    outputError: (text) => {
      const said = text.trimEnd().replace(/^error: /, "");
      const advice = NO_ADVICE.test(said) ? `\n(\`${words} --help\` says how it is called)` : "";
      printFailure(`${said}${advice}`);
    },
  });
  for (const option of command.options) {
    const takesText = option.required || option.optional;
    if (takesText && option.parseArg === undefined) option.argParser(filled);
  }
  for (const argument of command.registeredArguments) {
    if (argument.parseArg === undefined) argument.argParser(filled);
  }
  for (const below of command.commands) prepare(below, `${words} ${below.name()}`);
}

/** What a shell makes of a variable that is not set: it would be taken for the current folder. */
function filled(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("Expected a text that is not empty.");
}
