import { Command, oneLine, print } from "../../base/native.ts";
import { bytesText, example, printJson } from "./output.ts";

/** `inspect PAGE` */
export function inspectCommand(): Command {
  return new Command("inspect")
    .description("show all of a page whose signature holds: its parts' sizes, its whole manifest")
    .argument("<page>", "the page, or its address")
    .option("--json", "print it as JSON")
    .addHelpText("after", example("inspect card.html", "inspect card.html --json"))
    .action(async (page: string, { json }: { json?: true }) => {
      const { inspectPage } = await import("../inspect_page.ts"); // once it is called for
      const inspected = await inspectPage(page);
      if (json) return printJson({ file: page, ...inspected });
      const { sizes: { bytes, gzipBytes, ...parts }, manifest } = inspected;
      print(`${oneLine(page)}: ${bytesText(bytes)}, ${bytesText(gzipBytes)} compressed`);
      for (const [part, size] of Object.entries(parts)) {
        if (size > 0) print(`  ${part.padEnd(10)}${String(size).padStart(9)} bytes`);
      }
      // JSON escapes what would move the cursor; what is left of it `oneLine` takes.
      print(JSON.stringify(manifest, null, 2).split("\n").map(oneLine).join("\n"));
    });
}
