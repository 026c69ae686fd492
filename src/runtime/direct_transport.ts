import { asCodedError, CodedError, orAborted, stringOrUndefined } from "../base/mod.ts";
import type { DartcUiEvent } from "../dartc/mod.ts";
import type { TransportContext } from "./adapter_types.ts";
import { createDeadline } from "./deadline.ts";
import { DIRECT_PROBE_LIMIT_MS } from "./limits.ts";
import { member, openAiBase, streamOpenAiChat } from "./openai_chat.ts";
import type { RuntimeTransport, TransportChatRequest, TransportStatus } from "./transport_types.ts";

/** Options of {@linkcode createDirectTransport}. */
export interface DirectTransportOptions {
  readonly context: TransportContext;
}

/**
 * The `direct` transport: the runtime asks an OpenAI-compatible endpoint itself, for development.
 * It tells the same UI events as a Host.
 *
 * Throws `CodedError` `not_configured` where the pod has no `transport.direct`.
 */
export function createDirectTransport(options: DirectTransportOptions): RuntimeTransport {
  const { config, clock, emit } = options.context;
  const { direct } = config.transport;
  if (direct === undefined) {
    throw new CodedError("not_configured", "Cannot connect: the pod has no transport.direct");
  }
  const baseUrl = openAiBase(direct.baseUrl);
  const runs = new Map<string, AbortController>();
  let state: TransportStatus = "idle";
  let listedModel: string | undefined;

  async function connect(signal?: AbortSignal): Promise<void> {
    if (state === "ready") return;
    state = "connecting";
    const deadline = createDeadline(clock, signal);
    deadline.phase(DIRECT_PROBE_LIMIT_MS, "model_unavailable", "The endpoint does not answer");
    try {
      listedModel = await orAborted(firstModel(baseUrl, deadline.signal), deadline.signal);
      state = "ready";
    } catch (cause) {
      state = "error";
      if (cause instanceof CodedError) throw cause;
      signal?.throwIfAborted();
      throw new CodedError("model_unavailable", "Cannot reach the endpoint", { cause });
    } finally {
      deadline.end();
    }
  }

  async function run(request: TransportChatRequest, controller: AbortController): Promise<void> {
    const { runId, conversationId: threadId } = request;
    const tell = (event: DartcUiEvent) => {
      if (!controller.signal.aborted) emit({ type: "ui", event });
    };
    const messageIds = { text: `${runId}:assistant`, reasoning: `${runId}:reasoning` };
    let open: "text" | "reasoning" | undefined;
    const switchTo = (kind: typeof open) => {
      if (kind === open) return;
      if (open !== undefined) {
        tell({ type: "TEXT_MESSAGE_END", threadId, runId, messageId: messageIds[open] });
      }
      open = kind;
      if (kind === undefined) return;
      const role = kind === "text" ? "assistant" : "reasoning";
      tell({ type: "TEXT_MESSAGE_START", threadId, runId, messageId: messageIds[kind], role });
    };
    tell({ type: "RUN_STARTED", threadId, runId });
    try {
      const pieces = streamOpenAiChat({
        baseUrl,
        model: request.model ?? config.model ?? listedModel ?? "default",
        messages: [...systemMessage(config.systemPrompt), ...request.messages.map(plain)],
        signal: controller.signal,
      });
      for await (const { kind, delta } of pieces) {
        if (controller.signal.aborted) return;
        switchTo(kind);
        const messageId = messageIds[kind];
        tell({ type: "TEXT_MESSAGE_CONTENT", threadId, runId, messageId, delta });
        emit({ type: "delta", runId, delta, kind });
      }
      switchTo(undefined);
      if (controller.signal.aborted) return;
      emit({ type: "done", runId });
      tell({ type: "RUN_FINISHED", threadId, runId });
    } catch (thrown) {
      if (controller.signal.aborted) return;
      const error = asCodedError(thrown, "chat_failed");
      switchTo(undefined);
      tell({ type: "RUN_ERROR", threadId, runId, message: error.message, code: error.code });
      emit({ type: "failed", runId, error });
    } finally {
      runs.delete(runId);
    }
  }

  function cancel(runId: string): void {
    runs.get(runId)?.abort();
  }

  return {
    name: "direct",
    get state() {
      return state;
    },
    connect,
    chat(request) {
      const controller = new AbortController();
      runs.set(request.runId, controller);
      void run(request, controller);
    },
    cancel,
    send: () =>
      Promise.reject(new CodedError("unsupported", "Cannot send: the endpoint speaks no DARTC")),
    subscribe: () => () => {},
    close() {
      state = "closed";
      for (const runId of runs.keys()) cancel(runId);
      return Promise.resolve();
    },
    abandon() {
      state = "closed";
      for (const runId of runs.keys()) cancel(runId);
    },
  };
}

/** What an endpoint lists first; undefined where it lists nothing, which is no failure. */
async function firstModel(baseUrl: string, signal: AbortSignal): Promise<string | undefined> {
  const response = await fetch(`${baseUrl}/models`, { signal });
  if (!response.ok) {
    await response.body?.cancel();
    return undefined;
  }
  const value: unknown = await response.json().catch(() => undefined);
  return stringOrUndefined(member(member(member(value, "data"), "0"), "id"));
}

function systemMessage(prompt: string | undefined): { role: "system"; content: string }[] {
  return prompt === undefined || prompt === "" ? [] : [{ role: "system", content: prompt }];
}

function plain(
  { role, content }: { role: TransportChatRequest["messages"][number]["role"]; content: string },
) {
  return { role, content };
}
