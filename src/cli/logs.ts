import { Command } from "../base/native.ts";
import { linesOption } from "./options.ts";
import { examples } from "./output.ts";

/** What the command line gives. */
export interface LogsOptions {
  follow?: true;
  lines: number;
  json?: true;
  db?: string;
}

/** `logs <pod>` */
export function logsCommand(): Command {
  return new Command("logs")
    .description("read a pod's event log: runs, messages, tool calls, visitors, errors")
    .argument("<pod>", "the pod's id, its saved name, or its folder's")
    .option("-f, --follow", "go on with what happens, until Ctrl-C")
    .addOption(linesOption())
    .option("--json", "one JSON object a line")
    .option("--db <file>", "another database (default: the Host's)")
    .addHelpText("after", examples("logs my-pod", "logs my-pod -f", "logs my-pod --json -n 1000"))
    .action(async (pod: string, options: LogsOptions) => {
      await (await import("./read_logs.ts")).readLogs(pod, options);
    });
}
