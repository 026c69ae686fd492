import type { Message } from "./message.ts";
import { fill, type Strings } from "./strings.ts";

/** What a transcript tells of a message. */
export type Told = Pick<Message, "role" | "text" | "status">;

/**
 * A conversation as Markdown: who said what, and which answers are not whole.
 *
 * @param name the pod's, as shown
 */
export function transcript(thread: readonly Told[], name: string, strings: Strings): string {
  const parts = [`# ${fill(strings.conversationWith, { name })}`];
  for (const { role, text, status } of thread) {
    parts.push(`## ${role === "user" ? strings.you : name}`, text.trim());
    if (status === "cut" || status === "cancelled") parts.push(`_${strings[status]}_`);
  }
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Longest part of a file's name that is the pod's. */
const MAX_NAME = 60;

/**
 * A name for the transcript's file that every system takes: letters and digits of the pod's name,
 * and the day.
 */
export function transcriptFile(name: string, now = new Date()): string {
  const slug = name.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}]+/gu, "-").slice(0, MAX_NAME)
    .replace(/^-|-$/g, "");
  return `${slug || "chat"}-${now.toISOString().slice(0, 10)}.md`;
}
