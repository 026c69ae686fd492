/**
 * A native visitor in a process of its own, for `host_limits_test.ts`: asks, says `reading` when
 * the answer begins, and reads on until it is stopped or killed. Its page acknowledges nothing.
 *
 * @module
 */
import { NativeVisitor } from "./native_visitor.ts";

const [signalUrl = "", podId = ""] = Deno.args;
const visitor = await NativeVisitor.visit({ signalUrl, podId, features: [] });
const requestId = visitor.send("Talk.");
await visitor.until("the beginning", () => visitor.answerSoFar(requestId).deltas[0]);
console.log("reading");
await visitor.answerTo(requestId);
