import { oneLine, print } from "../../base/native.ts";
import { type DeployedPod, qrLines } from "../../pack/mod.ts";
import { runningHost } from "../host_client.ts";
import { printJson } from "../output.ts";
import type { RunOptions } from "../pod_run.ts";
import type { AllAnswers, CreateOptions } from "./answers.ts";
import type { Prompts } from "./prompts.ts";

/** A pod that is made and uploaded. */
export interface CreatedPod {
  readonly answers: AllAnswers;
  readonly deployed: DeployedPod;
}

/** Runs it as its owner wants, and says where it is. */
export async function runCreated(
  created: CreatedPod,
  options: CreateOptions,
  prompts: Prompts | undefined,
): Promise<void> {
  const { dir, model, run } = created.answers;
  const host = await runningHost();
  const { apiKey } = options;
  const runOptions: RunOptions = {
    provider: model.kind === "demo" ? "demo" : "endpoint",
    logFormat: "text",
    logLevel: "info",
    once: true,
    ...(apiKey === undefined ? {} : { apiKey }),
  };
  switch (run === "here" && host !== undefined ? "background" : run) {
    case "background": {
      const { serveDetached } = await import("../run_detached.ts");
      const { host } = await serveDetached(dir, runOptions);
      return report(created, options, prompts, { pid: host.pid, port: host.port, url: host.url });
    }
    case "here": {
      report(created, options, prompts);
      const { runPod } = await import("../run_pod.ts");
      return await runPod(dir, runOptions);
    }
    case "later":
      return report(created, options, prompts);
  }
}

/** Which Host serves it, where one does already. */
interface Serving {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
}

function report(
  { answers, deployed }: CreatedPod,
  { json }: CreateOptions,
  prompts: Prompts | undefined,
  serving?: Serving,
): void {
  const { name, dir, run, model, template } = answers;
  const { url, podId, page, ownerPubkey, embed } = deployed;
  if (json) {
    return printJson({
      url,
      podId,
      name,
      template,
      dir,
      page,
      ownerPubkey,
      model: model.kind === "demo" ? null : model.model,
      broker: deployed.broker,
      embed,
      host: serving ?? null,
    });
  }
  const end = (text: string) => prompts === undefined ? print(text) : prompts.end(text);
  if (Deno.stdout.isTerminal()) {
    print(`\n${qrLines(url, Deno.noColor ? "plain" : "black_on_white").join("\n")}`);
  }
  const status = run === "later"
    ? `run it with \`gemmapod run ${dir}\``
    : serving === undefined
    ? "it runs here; Ctrl-C ends it"
    : `process ${serving.pid} serves it; your dashboard is ${serving.url}`;
  end(`${oneLine(name)} is at ${oneLine(url)}\n   ${oneLine(status)}`);
}
