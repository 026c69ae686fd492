import type { Pod } from "../api/schemas.ts";
import type { Strings } from "../strings.ts";

/** How something is: a colour and a shape. */
export type Tone = "good" | "waiting" | "bad" | "none";

/** How a pod is, in a colour. */
export function podTone({ status, signalState }: Pod): Tone {
  switch (status) {
    case "running":
      return signalState === "connected" ? "good" : "waiting";
    case "starting":
    case "stopping":
      return "waiting";
    case "error":
      return "bad";
    default:
      return "none";
  }
}

/** How a pod is, in a word: a running pod without its broker can't be found by anybody new. */
export function statusText({ status, signalState }: Pod, strings: Strings): string {
  if (status === "running" && signalState !== "connected") return strings.linkLost;
  return strings.podStatus[status] ?? status;
}

/** How a pod stands with its broker, in a colour. */
export function signalTone(signalState: string): Tone {
  switch (signalState) {
    case "connected":
      return "good";
    case "connecting":
      return "waiting";
    case "stopped":
      return "none";
    default:
      return "bad";
  }
}
