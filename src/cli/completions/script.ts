import type { Command } from "../../base/native.ts";
import type { Shell } from "../completions.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { powershellScript } from "./powershell.ts";
import { commandsOf } from "./tree.ts";
import { zshScript } from "./zsh.ts";

/** The completions of a program for a shell. */
export function completionScript(shell: Shell, program: Command): string {
  const commands = commandsOf(program);
  const name = program.name();
  switch (shell) {
    case "bash":
      return bashScript(name, commands);
    case "zsh":
      return zshScript(name, commands);
    case "fish":
      return fishScript(name, commands);
    case "powershell":
      return powershellScript(name, commands);
  }
}
