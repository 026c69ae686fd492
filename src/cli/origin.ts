import { Command } from "../base/native.ts";
import { logFormatOption, logLevelOption } from "./options.ts";
import { examples } from "./output.ts";
import type { OriginOptions } from "./serve_origin.ts";

const ENVIRONMENT = `
Environment:
  SIGNAL_URL             the broker (default: ws://localhost:8080/signal)
  POD_ID                 the pod's id (default: raj-card)
  OLLAMA_URL             the model endpoint (default: http://localhost:11434)
  OWNER_PUBKEY           refuse manifests of other keys (default: take them)
  GEMMAPOD_ORIGIN_DB     conversations (default: ~/.gemmapod/origin.sqlite)
  GEMMAPOD_CONTACT_JSON  what the tool share_contact answers`;

/** `origin` */
export function originCommand(): Command {
  return new Command("origin")
    .description("serve one pod without a folder, as its environment says, until Ctrl-C")
    .addOption(logFormatOption())
    .addOption(logLevelOption())
    .addHelpText("after", ENVIRONMENT)
    .addHelpText("after", examples("origin"))
    .action(async (options: OriginOptions) => {
      await (await import("./serve_origin.ts")).serveOrigin(options);
    });
}
