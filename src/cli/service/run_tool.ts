/** What a program of the system has said. */
export interface ToolAnswer {
  readonly code: number;
  readonly out: string;
  /** Its complaint, on one line. */
  readonly complaint: string;
}

/** Runs a program of the system to its end; undefined where there is none of that name. */
export type RunTool = (argv: readonly [string, ...string[]]) => Promise<ToolAnswer | undefined>;

/** How long such a program may take, in milliseconds: stopping a Host takes up to 15 s. */
const ANSWER_WITHIN_MS = 30_000;

/** Runs it from `PATH`. */
export async function runTool(
  [command, ...args]: readonly [string, ...string[]],
): Promise<ToolAnswer | undefined> {
  const decoder = new TextDecoder();
  try {
    const { code, stdout, stderr } = await new Deno.Command(command, {
      args,
      stdin: "null",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    }).output();
    const complaint = decoder.decode(stderr).trim().split("\n").at(-1) ?? "";
    return { code, out: decoder.decode(stdout).trim(), complaint };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
