import type { Logger } from "../../base/mod.ts";
import type { ChatRequest, RunWriter } from "../../dartc/mod.ts";
import type { Manifest } from "../../pod/mod.ts";
import { jsonOr } from "../chat/answer_in_steps.ts";
import { chooseModel } from "../chat/choose_model.ts";
import type { ConversationMemory } from "../chat/conversation_memory.ts";
import { MirroredWriter } from "../chat/mirrored_writer.ts";
import { runChat } from "../chat/run_chat.ts";
import { buildSystemPrompt } from "../chat/system_prompt.ts";
import type { ConversationEventBody, EventBus } from "../event_bus.ts";
import { listModels } from "../model/list_models.ts";
import type { Provider } from "../model/provider.ts";
import type { PodTools } from "./pod_tools.ts";
import type { ServedPod } from "./served_pod.ts";

/** What the runs of a pod share. */
export interface PodRunsOptions {
  readonly served: ServedPod;
  readonly provider: Provider;
  readonly tools: PodTools;
  readonly bus: EventBus;
  readonly log: Logger;
}

/** One run: a visitor's, or the owner's own. */
export interface PodRun {
  readonly request: ChatRequest<Manifest>;
  /** Whose it is in lists and events. */
  readonly peerId: string;
  /** Who asks, for the queue. */
  readonly visitor: string;
  readonly memory: ConversationMemory;
  /** Where the frames go; undefined for a run that is only looked at. */
  readonly writer?: RunWriter;
  readonly signal: AbortSignal;
}

/** An event of a run before it says which one. */
type OfRun<E> = E extends ConversationEventBody ? Omit<E, "conversationId" | "runId"> : never;

/** Runs the chat requests of one pod, and tells the event bus of them. */
export class PodRuns {
  readonly #options: PodRunsOptions;

  constructor(options: PodRunsOptions) {
    this.#options = options;
  }

  /** Settles when the run is over, and never rejects. */
  async run(run: PodRun): Promise<void> {
    const { served, provider, tools, log, bus } = this.#options;
    const { request, peerId, visitor, memory, signal } = run;
    const { requestId, conversationId, messages, manifest } = request;
    const { pod, id: podId } = served;
    const emit = (event: OfRun<ConversationEventBody>) =>
      bus.emit({
        scope: "conversation",
        podId,
        peerId,
        event: { ...event, conversationId, runId: requestId },
      });
    const model = await this.#modelFor(request, signal);
    const startedAt = performance.now();
    emit({ type: "user", content: messages.at(-1)?.content ?? "" });
    const mirrored = new MirroredWriter({
      ...(run.writer === undefined ? {} : { writer: run.writer }),
      requestId,
      conversationId,
      mirror: (event) => emit({ type: "ui_event", event }),
    });
    const quiet = run.writer !== undefined && !bus.hears("ui_event");
    const writer = quiet && run.writer !== undefined ? run.writer : mirrored;
    const { status, answer, failure } = await runChat({
      requestId,
      conversationId,
      messages,
      pod,
      podId,
      visitor,
      system: buildSystemPrompt(pod, manifest),
      model,
      provider,
      memory,
      writer,
      tools: () => tools.offer({ requestId, conversationId, manifest, memory, writer }),
      onToolCall: ({ toolCallId, toolName: name, input }) =>
        emit({ type: "tool_call", toolCallId, name, input: jsonOr(input, input) }),
      onToolAnswer: ({ toolCallId, toolName: name }, { content, isError, durationMs }) =>
        emit({
          type: "tool_result",
          toolCallId,
          name,
          output: jsonOr(content, content),
          isError,
          durationMs: Math.round(durationMs),
        }),
      signal,
      log,
    });
    mirrored[Symbol.dispose]();
    const facts = {
      ...(model === undefined ? {} : { model }),
      durationMs: Math.round(performance.now() - startedAt),
    };
    if (failure !== undefined) emit({ type: "error", ...failure, ...facts });
    else emit({ type: "assistant", content: answer, status, ...facts });
  }

  async #modelFor(
    { manifest, model: requested }: ChatRequest<Manifest>,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { pod, modelOverride, provider, takesListedModels } = this.#options.served;
    const choice = {
      pod,
      ...(modelOverride === undefined ? {} : { override: modelOverride }),
      ...(manifest === undefined ? {} : { manifest }),
      ...(requested === undefined ? {} : { requested }),
    };
    const chosen = chooseModel(choice);
    if (chosen !== undefined || requested === undefined || !takesListedModels) return chosen;
    const { connected, models } = await listModels(provider, signal);
    // Where nobody answers, the run itself says so, and better than "no model is named" would.
    return chooseModel({ ...choice, listed: connected ? models : [requested] });
  }
}
