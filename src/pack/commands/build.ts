import { Command, oneLine, print, warn } from "../../base/native.ts";
import type { BuiltPod } from "../build_pod.ts";
import { bytesText, example, printJson } from "./output.ts";
import { packing } from "./packing.ts";

/** What the command line gives. */
interface BuildOptions {
  out?: string;
  key?: string;
  json?: true;
}

/** `build [dir]` */
export function buildCommand(): Command {
  return new Command("build")
    .description("sign a pod folder and pack it into one .html")
    .argument("[dir]", "the pod's folder", ".")
    .option("--out <file>", "the page to write (default: dist/<pod id>.html in the folder)")
    .option("--key <file>", "the owner's key (default: owner.key in the folder)")
    .option("--json", "print what was written as JSON")
    .addHelpText("after", example("build my-pod", "build my-pod --out card.html"))
    .action(async (dir: string, { json, ...options }: BuildOptions) => {
      const { buildPod } = await import("../build_pod.ts"); // once it is called for
      printBuilt(
        await packing(json, (onProgress) => buildPod({ dir, ...options, onProgress })),
        json,
      );
    });
}

/** `rebuild [dir]` */
export function rebuildCommand(): Command {
  return new Command("rebuild")
    .description(
      "sign and pack a folder again, after an edit, into the page that it was built into",
    )
    .argument("[dir]", "the pod's folder", ".")
    .option("--key <file>", "the owner's key (default: owner.key in the folder)")
    .option("--json", "print what was written as JSON")
    .addHelpText("after", example("rebuild my-pod"))
    .action(async (dir: string, { json, key }: Omit<BuildOptions, "out">) => {
      const { rebuildPod } = await import("../rebuild_pod.ts"); // once it is called for
      printBuilt(await packing(json, (onProgress) => rebuildPod({ dir, key, onProgress })), json);
    });
}

function printBuilt({ warnings, ...built }: BuiltPod, json: true | undefined): void {
  for (const { message } of warnings) warn(message);
  if (json) {
    return printJson({ ...built, warnings: warnings.map(({ message }) => message) });
  }
  print(`wrote ${oneLine(built.out)}`);
  print(`name       ${oneLine(built.name)}`);
  print(`size       ${bytesText(built.bytes)}, ${bytesText(built.gzipBytes)} compressed`);
  print(`pod id     ${built.podId}`);
  print(`owner key  ${built.ownerPubkey}`);
}
