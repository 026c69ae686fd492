import { Command, oneLine, print, startProgress, wrongUseFor } from "../../base/native.ts";
import { brokerOption } from "./broker_option.ts";
import { bytesText, example, printJson } from "./output.ts";

/** What the command line gives. */
interface DeployOptions {
  broker?: string;
  key?: string;
  qr: boolean;
  json?: true;
}

/** `deploy [page|dir]` */
export function deployCommand(): Command {
  return new Command("deploy")
    .description("upload a page to a broker; of a folder, its page, built where it is old")
    .argument("[page|dir]", "the page, or the pod's folder", ".")
    .addOption(brokerOption("the broker (default: the one where the pod meets its visitors)"))
    .option("--key <file>", "the owner's key (default: owner.key in the folder)")
    .option("--no-qr", "without a QR code on a terminal")
    .option("--json", "print where it is now as JSON")
    .addHelpText(
      "after",
      example("deploy my-pod", "deploy card.html --broker https://pods.example"),
    )
    .action(async (source: string, { broker, key, qr, json }: DeployOptions) => {
      const { deployPod } = await import("../deploy_pod.ts"); // once it is called for
      const deployed = await upload().catch(wrongUseFor("key_unused"));
      if (json) return printJson(deployed);
      const { url, name, podId, bytes, embed } = deployed;
      print(`${oneLine(name)} (${oneLine(podId)}) is at`);
      print(`\n  ${oneLine(url)}\n`);
      if (qr && Deno.stdout.isTerminal()) {
        const { qrLines } = await import("../qr_code.ts");
        print(`${qrLines(url, Deno.noColor ? "plain" : "black_on_white").join("\n")}\n`);
      }
      print(`size       ${bytesText(bytes)}`);
      print(`\nOn a site of yours:\n\n${indented(embed.iframe)}`);
      print(`\nor as a button in its corner, with the bundle of this release on the site:\n`);
      print(indented(embed.element));

      async function upload() {
        const begin = (what: string) => json ? undefined : startProgress(what);
        let progress = begin("packing");
        using _shown = { [Symbol.dispose]: () => progress?.[Symbol.dispose]() };
        return await deployPod({
          source,
          broker,
          key,
          onBuilt: ({ out }) => {
            progress?.[Symbol.dispose](); // the line that it leaves is for this
            if (!json) print(`built ${oneLine(out)}`);
            progress = begin("uploading");
          },
          onProgress: (sent, total) => progress?.update(sent, total, "uploading"),
        });
      }
    });
}

function indented(html: string): string {
  return html.split("\n").map((line) => `  ${oneLine(line)}`).join("\n");
}
