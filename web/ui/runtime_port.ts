import type { GemmaPodRuntime } from "../../src/runtime/mod.ts";

/** What the widget needs of a runtime. */
export type ChatRuntime =
  & Pick<
    GemmaPodRuntime,
    "podId" | "manifest" | "transport" | "events" | "chat" | "conversationId" | "connect"
  >
  & { readonly capabilities: Pick<GemmaPodRuntime["capabilities"], "onRequest"> };
