/** One message of a chat request. */
export interface ChatMessage {
  role: "user" | "assistant" | "system" | "tool";
  content: string;
}

/** What a model used for an answer, in tokens, where it says so. */
export interface ChatUsage {
  inputTokens?: number;
  outputTokens?: number;
  totalTokens?: number;
}
