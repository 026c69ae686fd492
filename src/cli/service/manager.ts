import { CodedError } from "../../base/mod.ts";
import type { ServiceProgram } from "../../host/native.ts";
import type { RunTool } from "./run_tool.ts";

/** What keeps services running on a system. */
export type ManagerKind = "systemd" | "launchd";

/** How a service is, as its manager sees it. */
export interface ServiceState {
  /** `unknown` where the manager cannot be asked. */
  readonly running: "yes" | "no" | "unknown";
  /** Its process, where it runs. */
  readonly pid?: number;
}

/** What a system does with a service of a user. */
export interface ServiceManager {
  readonly kind: ManagerKind;
  /** The file that describes the service. */
  readonly path: string;
  /** Where its log is, as a person looks at it. */
  readonly log: string;
  /** The file's content. */
  text(program: ServiceProgram): string;
  /** Starts it, now and with every login; where its file is another by now, it is started anew. */
  start(file: "changed" | "same", run: RunTool): Promise<void>;
  /** Stops it, now and for good. Its file is still there. */
  stop(run: RunTool): Promise<void>;
  /** Called when the file is gone. */
  forget(run: RunTool): Promise<void>;
  state(run: RunTool): Promise<ServiceState>;
  /** What else a person may want to do. */
  readonly hint: string;
}

/**
 * Runs a manager's own program. Rejects with {@linkcode CodedError} `manager_failed` where there is
 * none, or it fails.
 */
export async function must(run: RunTool, argv: readonly [string, ...string[]]): Promise<void> {
  const answer = await run(argv);
  if (answer?.code === 0) return;
  const why = answer === undefined
    ? "there is no such program here"
    : answer.complaint || `exit code ${answer.code}`;
  throw new CodedError("manager_failed", `\`${argv.join(" ")}\` failed: ${why}`);
}
