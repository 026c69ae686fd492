/**
 * A native visitor in a process of its own, for `rtc_test.ts`: dials, says `open`, and stays until
 * it is killed, or leaves at once when it is told to.
 *
 * @module
 */
import { dial } from "../../src/rtc/mod.ts";

const [signalUrl = "", andThen] = Deno.args;
const line = await dial({ signalUrl, podId: "cafe", iceServers: [] });
console.log("open");
if (andThen === "leave") await line.peer.close();
