import { errorMessage } from "./coded_error.ts";
import { type Command, CommanderError } from "./args.ts";
import { printFailure } from "./terminal.ts";

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
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof SaidAlready)) printFailure(errorMessage(error));
    return 1;
  }
}
