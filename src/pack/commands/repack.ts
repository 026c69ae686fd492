import { Command, oneLine, print } from "../../base/native.ts";
import { bytesText, example, printJson } from "./output.ts";
import { packing } from "./packing.ts";

/** What the command line gives. */
interface RepackOptions {
  out?: string;
  json?: true;
}

/** `repack <page>` */
export function repackCommand(): Command {
  return new Command("repack")
    .description("put this release's runtime around the signed manifest of a page; needs no key")
    .argument("<page>", "the page, or its address")
    .option("--out <file>", "the page to write (default: the page itself)")
    .option("--json", "print what was written as JSON")
    .addHelpText("after", example("repack card.html", "repack card.html --out new.html"))
    .action(async (page: string, { out, json }: RepackOptions) => {
      const { repackPage } = await import("../repack_page.ts"); // once it is called for
      const repacked = await packing(json, (onProgress) => repackPage({ page, out, onProgress }));
      if (json) return printJson(repacked);
      const { bytesBefore, bytes, gzipBytes, podId, name, ownerPubkey, changed } = repacked;
      print(
        `wrote ${oneLine(repacked.out)}${changed ? "" : ", which was of this release already"}`,
      );
      print(`name       ${oneLine(name)}`);
      print(`size       ${bytesText(bytes)}, ${bytesText(gzipBytes)} compressed`);
      print(`before     ${bytesText(bytesBefore)}`);
      print(`pod id     ${oneLine(podId)}`);
      print(`signed by  ${oneLine(ownerPubkey)}, as before`);
    });
}
