import { errorMessage, noAnswer } from "../../base/mod.ts";
import type { PodToml } from "../../pod/mod.ts";
import { brokerUrlOf } from "../broker_url.ts";
import { isLoopback } from "../page_hosts.ts";
import { bad, type Finding, good, warning } from "./finding.ts";

/** How long a broker may take to answer, in milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

/** Whether the broker of a pod answers, and whether visitors from elsewhere can reach it. */
export async function checkBroker(pod: PodToml): Promise<Finding[]> {
  const { dartc } = pod.transport;
  if (dartc === undefined) return [];
  const findings: Finding[] = [];
  const url = new URL(dartc.signal_url);
  const isPlain = url.protocol === "ws:" || url.protocol === "http:";
  if (isLoopback(url.hostname)) {
    findings.push(warning(
      "broker",
      `${dartc.signal_url} is this machine: visitors from elsewhere cannot reach it`,
      "name a public broker in signal_url before you send the page to somebody",
    ));
  } else if (isPlain) {
    findings.push(warning(
      "broker",
      `${dartc.signal_url} is not encrypted: a page from https: may not connect to it`,
      "put TLS in front of the broker, and write wss:// in signal_url",
    ));
  }
  let broker;
  try {
    broker = brokerUrlOf(dartc.signal_url);
  } catch (error) {
    return [bad("broker", errorMessage(error), "mend signal_url in pod.toml")];
  }
  try {
    const answer = await fetch(`${broker}/health`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await answer.body?.cancel();
    findings.push(
      answer.ok ? good("broker", `${broker} answers`) : warning(
        "broker",
        `${broker}/health answers ${answer.status}`,
        "check signal_url; a broker of another make may have no such page",
      ),
    );
  } catch (error) {
    const { why, todo } = noAnswer(error);
    findings.push(bad(
      "broker",
      `${broker} cannot be reached: ${why}`,
      `${todo}; it is signal_url in pod.toml, and --offline leaves this out`,
    ));
  }
  return findings;
}
