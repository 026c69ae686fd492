import { Command, oneLine, print } from "../../base/native.ts";
import { example, printJson } from "./output.ts";

/** What the command line gives. */
interface KeygenOptions {
  key?: string;
  json?: true;
}

/** `keygen [dir]` */
export function keygenCommand(): Command {
  return new Command("keygen")
    .description("make the key that signs a pod; one that is there is never overwritten")
    .argument("[dir]", "the pod's folder", ".")
    .option("--key <file>", "where to write it (default: owner.key in the folder)")
    .option("--json", "print the path and the public key as JSON")
    .addHelpText("after", example("keygen my-pod"))
    .action(async (dir: string, { key, json }: KeygenOptions) => {
      const { keygen } = await import("../keygen.ts"); // once it is called for
      const made = await keygen(dir, { path: key });
      if (json) return printJson(made);
      print(`wrote ${oneLine(made.path)}; keep a copy, and keep it to yourself`);
      print(`public key  ${made.publicKey}`);
    });
}
