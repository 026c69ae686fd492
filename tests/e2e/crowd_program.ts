/**
 * Many native visitors in a process of their own, for `crowd.ts`: each connects, asks, and leaves in
 * its own way. Prints what came of them as one line of JSON; then it ends, or kills itself.
 *
 * @module
 */
import { errorMessage } from "../../src/base/mod.ts";
import { answerFor, type CrowdOrder, type CrowdResult, wayOf } from "./crowd.ts";
import { NativeVisitor } from "./native_visitor.ts";

// what `crowd.ts` wrote, in this same checkout
const order = JSON.parse(Deno.args[0] ?? "{}") as CrowdOrder;
const { signalUrl, podId, from, visitors, atOnce, words, untilMs = 0, left = 0 } = order;
const result: CrowdResult = { visitors: 0, whole: 0, cut: 0, failures: [], slowestMs: 0 };
const leaving: Promise<void>[] = [];
const deadline = Date.now() + untilMs;
let next = from;

await Promise.all(Array.from({ length: atOnce }, async () => {
  while (next < from + visitors || Date.now() < deadline) await visitOnce(next++);
}));
await Promise.all(leaving);
const stay = await Promise.all(Array.from({ length: left }, () => startAnswer(next++)));
console.log(JSON.stringify(result));
if (stay.length > 0) Deno.kill(Deno.pid, "SIGKILL"); // they are gone without a word

async function visitOnce(index: number): Promise<void> {
  const began = performance.now();
  result.visitors++;
  try {
    const visitor = await NativeVisitor.visit({ signalUrl, podId, ...conversationOf(index) });
    const way = wayOf(index);
    const requestId = visitor.send(`Visitor ${index}`);
    if (way === "vanishes in the middle") {
      await visitor.until("the middle", () => visitor.answerSoFar(requestId).deltas[1]);
      result.cut++;
    } else {
      const { text, error } = await visitor.answerTo(requestId);
      if (text === answerFor(`Visitor ${index}`, words).join("")) result.whole++;
      else failed(index, error?.message ?? `${text.length} characters came`);
    }
    // The next one does not wait for the last goodbye of this one.
    const leave = way === "says goodbye" ? visitor[Symbol.asyncDispose]() : visitor.vanish();
    leaving.push(leave);
    void leave.then(() => leaving.splice(leaving.indexOf(leave), 1));
  } catch (error) {
    failed(index, errorMessage(error));
  }
  result.slowestMs = Math.max(result.slowestMs, Math.round(performance.now() - began));
}

async function startAnswer(index: number): Promise<NativeVisitor> {
  const visitor = await NativeVisitor.visit({ signalUrl, podId, ...conversationOf(index) });
  const requestId = visitor.send(`Visitor ${index}`);
  await visitor.until("the start", () => visitor.answerSoFar(requestId).deltas[0]);
  return visitor;
}

/** Every third comes with an id that is remembered, so that the store is at work too. */
function conversationOf(index: number): { conversationId?: string } {
  return index % 3 === 0 ? { conversationId: `crowd-${crypto.randomUUID()}` } : {};
}

function failed(index: number, why: string): void {
  result.failures.push(`visitor ${index}: ${why}`.slice(0, 300));
}
