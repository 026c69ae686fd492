import { Command, oneLine, print, warn } from "../../base/native.ts";
import { bytesText, example } from "./output.ts";

/** What the command line gives. */
interface BuildOptions {
  out: string;
  key?: string;
  json?: true;
}

/** `build <dir> --out FILE` */
export function buildCommand(): Command {
  return new Command("build")
    .description("sign a pod folder and pack it into one .html")
    .argument("<dir>", "the pod's folder")
    .requiredOption("--out <file>", "the page to write")
    .option("--key <file>", "the owner's key (default: owner.key in the folder)")
    .option("--json", "print what was written as JSON")
    .addHelpText("after", example("build my-pod --out my-pod.html"))
    .action(async (dir: string, { out, key, json }: BuildOptions) => {
      const { buildPod } = await import("../build_pod.ts"); // once it is called for
      const { warnings, ...built } = await buildPod({ dir, out, key });
      for (const { message } of warnings) warn(message);
      if (json) {
        const messages = warnings.map(({ message }) => message);
        return print(JSON.stringify({ ...built, warnings: messages }, null, 2));
      }
      print(`wrote ${oneLine(out)}`);
      print(`size       ${bytesText(built.bytes)}, ${bytesText(built.gzipBytes)} compressed`);
      print(`pod id     ${built.podId}`);
      print(`owner key  ${built.ownerPubkey}`);
    });
}
