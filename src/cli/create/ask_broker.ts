import { errorMessage, type NoAnswer, noAnswer } from "../../base/mod.ts";
import { brokerUrlOf } from "../../pack/mod.ts";
import { DEFAULT_SIGNAL_URL } from "../../pod/mod.ts";
import type { Prompts } from "./prompts.ts";

/** Where `gemmapod-signal` listens on this machine unless told. */
const LOOPBACK_URL = "http://localhost:8080";

/** How long a broker may take to say that it is there, in milliseconds. */
const ANSWER_WITHIN_MS = 5_000;

/** Asks where visitors find the pod, until a broker answers. Returns the broker's own address. */
export async function askBroker(prompts: Prompts): Promise<string> {
  for (;;) {
    const where = await prompts.select({
      message: "Where do visitors find it?",
      choices: [
        { value: "public", label: "The public broker", hint: new URL(DEFAULT_SIGNAL_URL).host },
        { value: "own", label: "A broker of my own" },
        { value: "loopback", label: "This machine only", hint: `to try it out: ${LOOPBACK_URL}` },
      ],
    });
    const url = where === "public"
      ? brokerUrlOf(DEFAULT_SIGNAL_URL)
      : where === "loopback"
      ? LOOPBACK_URL
      : brokerUrlOf(
        await prompts.text({
          message: "Its address?",
          placeholder: "https://pods.example",
          refuse: refuseBroker,
        }),
      );
    const missing = await whyNot(url);
    if (missing === undefined) return url;
    const todo = where === "loopback"
      ? "start one in another terminal with `gemmapod-signal`"
      : missing.todo;
    prompts.say("warn", `No broker answers at ${url}: ${missing.why}; ${todo}.`);
  }
}

/** Why there is no broker; undefined where there is one. */
async function whyNot(url: string): Promise<NoAnswer | undefined> {
  try {
    const answer = await fetch(`${url}/health`, {
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await answer.body?.cancel();
    if (answer.ok) return undefined;
    return { why: `it answers ${answer.status}, and not as a broker`, todo: "check the address" };
  } catch (error) {
    return noAnswer(error);
  }
}

function refuseBroker(answer: string): string | undefined {
  try {
    brokerUrlOf(answer);
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
}
