// @ts-types="npm:@types/react@19.3.0"
import { useEffect, useRef, useState } from "npm:react@19.3.1";
import type { GemmaPodRuntime as Runtime, HistoryMessage, PodConfig } from "../types.ts";
import { GemmaPodRuntime } from "./gemmapod.ts";

/** A tool that the agent uses in the answer that it is giving. */
export interface ToolUse {
  readonly id: string;
  readonly name: string;
}

/** A pod, as React components see it. */
export interface Pod {
  /** How the connection is, in words. */
  readonly status: string;
  readonly messages: readonly HistoryMessage[];
  /** What has come of the answer that is being given; undefined where none is. */
  readonly answer: string | undefined;
  readonly tools: readonly ToolUse[];
  /** The state that the agent and the application share. */
  readonly state: unknown;
  ask(text: string): Promise<void>;
  stop(): void;
}

/** A runtime for as long as the component lives. */
export function usePod(config: PodConfig): Pod {
  const [runtime, setRuntime] = useState<Runtime>();
  const [status, setStatus] = useState("…");
  const [messages, setMessages] = useState<readonly HistoryMessage[]>([]);
  const [answer, setAnswer] = useState<string>();
  const [tools, setTools] = useState<readonly ToolUse[]>([]);
  const [state, setState] = useState<unknown>();
  const asking = useRef<AbortController>(undefined);

  useEffect(() => {
    const made = GemmaPodRuntime.create(config);
    made.events.on("chat.history", (event) => setMessages(event.messages));
    made.events.on("state.changed", (event) => setState(event.state));
    made.events.on("transport.updated", () => {
      setStatus(GemmaPodRuntime.quickTransportStatus(made).detail);
    });
    made.events.on("ui.event", ({ event }) => {
      if (event.type !== "TOOL_CALL_START") return;
      setTools((before) => [...before, { id: event.toolCallId, name: event.toolCallName }]);
    });
    setMessages(made.chat.history());
    setRuntime(made);
    made.connect().catch(() => {}); // the status says it
    return () => void made.destroy();
  }, [config]);

  async function ask(text: string): Promise<void> {
    if (runtime === undefined) return;
    const { signal } = asking.current = new AbortController();
    let said = "";
    setTools([]);
    setAnswer(said);
    try {
      for await (const { delta, kind } of runtime.chat.stream({ text, signal })) {
        if (kind !== "reasoning") setAnswer(said += delta);
      }
    } catch (error) {
      if (!signal.aborted) setStatus(String(error));
    } finally {
      setTools([]);
      setAnswer(undefined);
    }
  }
  return { status, messages, answer, tools, state, ask, stop: () => asking.current?.abort() };
}
