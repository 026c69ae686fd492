import type { ToolSet } from "ai";
import type { Logger } from "../../base/mod.ts";
import type { RunWriter } from "../../dartc/mod.ts";
import type { Manifest } from "../../pod/mod.ts";
import type { ConversationMemory } from "../chat/conversation_memory.ts";
import { buildAgentTools } from "../tools/agent_tools.ts";
import { buildCompanionTools } from "../tools/companion_tools.ts";
import { type OfferedTools, offerTools } from "../tools/offered_tools.ts";
import { loadOwnerTools } from "../tools/owner_tools.ts";
import { logToolCall } from "../tools/tool_report.ts";
import { createToolRuntime, type ToolRuntime } from "../tools/tool_runtime.ts";
import { withUsableSchemas } from "../tools/tool_schema.ts";
import type { SendUiEvent } from "../tools/ui_tool_event.ts";
import type { ServedPod } from "./served_pod.ts";

/** One run, as its tools need it. */
export interface ToolRun {
  readonly requestId: string;
  readonly conversationId: string;
  /** Verified. */
  readonly manifest: Manifest | undefined;
  readonly memory: ConversationMemory;
  readonly writer: Pick<RunWriter, "emit">;
}

/** What of a pod its tools depend on. */
type ToolPod = Pick<ServedPod, "dir" | "pod" | "contactJson" | "toolTimeLimitMs">;

/** The most names of a manifest's tools that are said to be missing here. */
const MAX_SAID_MISSING = 100;

/** The tools of one pod: what is registered for it, and what of that each visitor is offered. */
export class PodTools {
  readonly #served: ToolPod;
  readonly #log: Logger;
  readonly #saidMissing = new Set<string>();
  #runtime: Promise<ToolRuntime> | undefined;

  constructor(served: ToolPod, log: Logger) {
    this.#served = served;
    this.#log = log;
  }

  /** Loads the owner's own tools, once; what is wrong with them is said in the log. Never rejects. */
  runtime(): Promise<ToolRuntime> {
    return this.#runtime ??= this.#load();
  }

  /** The names of what a visitor with such a manifest is offered. */
  async names(manifest: Manifest | undefined): Promise<string[]> {
    if (manifest === undefined) return [];
    const toolRuntime = await this.runtime();
    this.#sayMissing(manifest, toolRuntime);
    return Object.keys(this.#build({ manifest, toolRuntime, sendUiEvent: () => {} }));
  }

  /** What the model may call in one run; nothing without a verified manifest. */
  async offer(run: ToolRun): Promise<OfferedTools> {
    const { requestId: runId, conversationId: threadId, manifest, memory, writer } = run;
    const toolRuntime = await this.runtime();
    const tools = this.#build({
      manifest,
      toolRuntime,
      sendUiEvent: (event) => writer.emit({ ...event, threadId, runId }),
      state: memory.state(threadId),
    });
    return offerTools(tools, (report) => logToolCall(this.#log, report));
  }

  #build(config: {
    manifest: Manifest | undefined;
    toolRuntime: ToolRuntime;
    sendUiEvent: SendUiEvent;
    state?: ReturnType<ConversationMemory["state"]>;
  }): ToolSet {
    const uiTools = buildCompanionTools(config.sendUiEvent);
    const { toolTimeLimitMs: timeLimitMs } = this.#served;
    return buildAgentTools({
      ...config,
      uiTools,
      ...(timeLimitMs === undefined ? {} : { timeLimitMs }),
      log: this.#log,
    });
  }

  async #load(): Promise<ToolRuntime> {
    const { dir, pod, contactJson } = this.#served;
    const own = await loadOwnerTools(dir);
    const runtime = await withUsableSchemas(createToolRuntime({
      podDir: dir,
      about: pod,
      tools: own.tools,
      ...(contactJson === undefined ? {} : { contactJson }),
    }));
    for (const problem of [...own.problems, ...runtime.problems]) {
      this.#log.error("tools", { pod: pod.id, reason: problem }, `tools of ${pod.id}: ${problem}`);
    }
    return runtime;
  }

  /** A name that is signed and not registered is nearly always an owner's mistake. */
  #sayMissing({ tools }: Manifest, { tools: registered }: ToolRuntime): void {
    for (const { name } of tools) {
      if (Object.hasOwn(registered, name) || this.#saidMissing.has(name)) continue;
      if (this.#saidMissing.size >= MAX_SAID_MISSING) return;
      this.#saidMissing.add(name);
      this.#log.warn("tool_missing", { pod: this.#served.pod.id, tool: name });
    }
  }
}
