import { CodedError, errorMessage } from "../../base/mod.ts";
import { Command, green, oneLine, print, SaidAlready } from "../../base/native.ts";
import type { PageHost } from "../page_hosts.ts";
import type { PageRuntime } from "../page_runtime.ts";
import type { VerifiedPage } from "../verify_page.ts";
import { bytesText, example, printJson } from "./output.ts";

/** What the command line gives. */
interface VerifyOptions {
  json?: true;
}

/** `verify PAGE` */
export function verifyCommand(): Command {
  return new Command("verify")
    .description("check a packed page: who signed it, for which pod, what it may do")
    .argument("<page>", "the page, or its address")
    .option("--json", "print it as JSON; ok is true or false")
    .addHelpText("after", example("verify card.html", "verify https://pods.example/Abc123_-xyz0"))
    .action(async (page: string, { json }: VerifyOptions) => {
      const { verifyPage } = await import("../verify_page.ts"); // once it is called for
      if (json) await printVerdict(page, verifyPage(page));
      else printPage(page, await verifyPage(page));
    });
}

async function printVerdict(page: string, verified: Promise<VerifiedPage>): Promise<void> {
  try {
    printJson({ ok: true, file: page, ...await verified });
  } catch (error) {
    const code = error instanceof CodedError ? error.code : "unreadable";
    printJson({ ok: false, file: page, code, reason: errorMessage(error) });
    throw new SaidAlready();
  }
}

/** All of it was written by a stranger. */
function printPage(file: string, page: VerifiedPage): void {
  const { name, podId, ownerPubkey, model, tools, contacts, capabilities, entry, bytes } = page;
  print(`${green("holds")} ${oneLine(file)}, ${bytesText(bytes)}`);
  print(`name       ${oneLine(name)}`);
  print(`pod id     ${oneLine(podId)}`);
  print(`signed by  ${oneLine(ownerPubkey)}`);
  print(`model      ${oneLine(model ?? "its Host's choice")}`);
  print(`tools      ${oneLine(tools.join(", ") || "none")}`);
  print(`contacts   ${oneLine(page.hosts.join(", ") || "nobody")}`);
  const asked = capabilities.map(({ name, required }) => required ? `${name} (required)` : name);
  print(`asks for   ${oneLine(asked.join(", ") || "nothing")}`);
  const hostsFor = (wanted: PageHost["purpose"]) =>
    contacts.filter(({ purpose }) => purpose === wanted).map(({ host }) => oneLine(host));
  const fetched = hostsFor("fetch");
  if (fetched.length > 0) print(`may ask    ${fetched.join(", ")}, once the visitor agrees`);
  if (page.hasBrowserModel) {
    const from = hostsFor("download");
    print(`offers     a model in the visitor's browser, at a click, from ${from.join(", ")}`);
  }
  if (entry !== undefined) print(`own script ${oneLine(entry.path)}, as it was signed`);
  printRuntime(page.runtime);
}

function printRuntime({ known, code }: PageRuntime): void {
  print(
    `runtime    ${
      known ? "this release's" : "not this release's: whoever made the page knows what it does"
    }`,
  );
  for (const { kind, sha256, known } of code) {
    // Nobody but its owner knows a pod's own script; that it is the signed one is said above.
    const note = known || kind === "entry" ? "" : "  (unknown here)";
    print(`  ${kind.padEnd(8)} sha256 ${sha256}${note}`);
  }
}
