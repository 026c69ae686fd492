import { join } from "node:path";
import { z } from "zod";
import { everyMs, type Script } from "./model_endpoint.ts";
import { start } from "./processes.ts";

/** What visitors in a process of their own do. */
export interface CrowdOrder {
  signalUrl: string;
  podId: string;
  /** The number of the first: numbers say who is who, and how each leaves. */
  from: number;
  visitors: number;
  /** So many at a time. */
  atOnce: number;
  /** Words of each answer. */
  words: number;
  /** Goes on for so long, however many there were. @default 0 */
  untilMs?: number;
  /** So many more are there, in the middle of an answer, when the process is killed. @default 0 */
  left?: number;
}

const crowdResult = z.object({
  visitors: z.number(),
  /** Answers that came whole, word for word. */
  whole: z.number(),
  /** Visitors that left in the middle of theirs. */
  cut: z.number(),
  failures: z.array(z.string()),
  /** From the dial to the end of the answer. */
  slowestMs: z.number(),
});

/** What came of them. */
export type CrowdResult = z.infer<typeof crowdResult>;

/** How a visitor leaves: half without a goodbye, and half of those in the middle of the answer. */
export function wayOf(index: number): "says goodbye" | "vanishes" | "vanishes in the middle" {
  switch (index % 4) {
    case 1:
      return "vanishes";
    case 3:
      return "vanishes in the middle";
    default:
      return "says goodbye";
  }
}

/** The answer to a question, each visitor's its own. */
export function answerFor(question: string, words: number): string[] {
  return Array.from({ length: words }, (_, index) => `${question}, word ${index}. `);
}

/** A model endpoint that gives such answers. */
export function crowdModel(words: number, wordMs: number): (
  body: { messages: readonly { content?: unknown }[] },
) => Script {
  const pace = everyMs(wordMs);
  return ({ messages }) => {
    const content = messages.at(-1)?.content;
    return { tokens: answerFor(typeof content === "string" ? content : "", words), pace };
  };
}

/** Sends visitors in a process of their own, and settles with what came of them. */
export async function sendCrowd(order: CrowdOrder): Promise<CrowdResult> {
  const program = join(import.meta.dirname ?? ".", "crowd_program.ts");
  const argv = [Deno.execPath(), "run", "-A", "--quiet", "--no-check", program];
  await using running = start([...argv, JSON.stringify(order)]);
  await running.status;
  const line = running.lines.find((said) => said.startsWith("{"));
  if (line === undefined) throw new Error(`the visitors broke down:\n${running.lines.join("\n")}`);
  return crowdResult.parse(JSON.parse(line));
}

/** Many results as one. */
export function summed(results: readonly CrowdResult[]): CrowdResult {
  const sum = (of: (result: CrowdResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  return {
    visitors: sum(({ visitors }) => visitors),
    whole: sum(({ whole }) => whole),
    cut: sum(({ cut }) => cut),
    failures: results.flatMap(({ failures }) => failures),
    slowestMs: Math.max(0, ...results.map(({ slowestMs }) => slowestMs)),
  };
}
