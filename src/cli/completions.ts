import { Argument, Command, print } from "../base/native.ts";
import { examples } from "./output.ts";

/** The shells that it is written for. */
export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

/** One of {@linkcode SHELLS}. */
export type Shell = typeof SHELLS[number];

const HOW = `
To have it in every shell that you open:
  bash        echo 'source <(gemmapod completions bash)' >> ~/.bashrc
  zsh         gemmapod completions zsh > "\${fpath[1]}/_gemmapod"
  fish        gemmapod completions fish > ~/.config/fish/completions/gemmapod.fish
  powershell  gemmapod completions powershell >> $PROFILE`;

/** `completions <shell>`: it describes all commands of the program that it is a command of. */
export function completionsCommand(): Command {
  return new Command("completions")
    .description("print what has a shell complete the commands and flags of gemmapod")
    .addArgument(new Argument("<shell>", "which shell").choices([...SHELLS]))
    .addHelpText("after", HOW)
    .addHelpText("after", examples("completions bash"))
    .action(async (shell: Shell, _options: unknown, command: Command) => {
      const { completionScript } = await import("./completions/script.ts");
      print(completionScript(shell, command.parent ?? command));
    });
}
