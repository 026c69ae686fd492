import { promptInput } from "./prompt_input.ts";
import { promptOutput } from "./prompt_output.ts";

/** A choice of {@linkcode Prompts.select}. */
export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** What is asked of a person. Each rejects with {@linkcode LeftWizard} at Ctrl-C, Ctrl-D or Escape. */
export interface Prompts {
  text(question: {
    message: string;
    placeholder?: string;
    /** What stands there already, to be edited. */
    initial?: string;
    /** Why an answer will not do; undefined where it will. */
    refuse?(answer: string): string | undefined;
  }): Promise<string>;
  select<T extends string>(question: {
    message: string;
    choices: readonly Choice<T>[];
    initial?: T;
  }): Promise<T>;
  /** Says something between two questions. */
  say(kind: "info" | "done" | "warn" | "error", text: string): void;
  begin(title: string): void;
  end(text: string): void;
  /** There are no more questions: stdin is nobody's again. */
  close(): void;
}

/** A person has left the wizard. */
export class LeftWizard extends Error {
  override readonly name: string = "LeftWizard";

  constructor() {
    super("left");
  }
}

/** Loads the prompts and asks on this terminal. */
export async function terminalPrompts(): Promise<Prompts> {
  const clack = await import("@clack/prompts");
  const input = promptInput();
  const common = { output: promptOutput() };
  const asking = { ...common, input: input.stream, signal: input.left };
  const kept = (answer: string | symbol): string => {
    if (typeof answer === "symbol") throw new LeftWizard();
    return answer;
  };
  return {
    text: async ({ message, placeholder, initial, refuse }) =>
      kept(
        await clack.text({
          ...asking,
          message,
          ...(placeholder === undefined ? {} : { placeholder }),
          ...(initial === undefined ? {} : { initialValue: initial }),
          validate: (answer) => refuse?.((answer ?? "").trim()),
        }),
      ).trim(),
    select: async ({ message, choices, initial }) =>
      kept(
        await clack.select<string>({
          ...asking,
          message,
          options: choices.map((choice) => ({ ...choice })),
          ...(initial === undefined ? {} : { initialValue: initial }),
        }),
      ) as typeof choices[number]["value"], // one of the values that it was given
    say: (kind, text) => {
      switch (kind) {
        case "info":
          return clack.log.info(text, common);
        case "done":
          return clack.log.step(text, common);
        case "warn":
          return clack.log.warn(text, common);
        case "error":
          return clack.log.error(text, common);
      }
    },
    begin: (title) => clack.intro(title, common),
    end: (text) => clack.outro(text, common),
    close: () => input[Symbol.dispose](),
  };
}
