import { CodedError } from "../base/mod.ts";
import { print } from "../base/native.ts";
import { connectHost } from "./host_client.ts";
import { printJson } from "./output.ts";
import { servedPodNamed } from "./served_pod_named.ts";

/** How a command says what it did. */
export type Output = "text" | "json";

/** How long a Host may take: 3 s for its runs, and the goodbyes, in milliseconds. */
const STOP_WITHIN_MS = 15_000;

/** How often it is looked at, in milliseconds. */
const LOOK_MS = 25;

/** Stops the running Host; settles when it is gone. */
export async function stopHost(output: Output): Promise<void> {
  const host = await connectHost();
  const { pid } = host;
  await host.shutdown();
  const deadline = Date.now() + STOP_WITHIN_MS;
  // It gives `host.json` up first, and its port when all is written.
  while (await host.isThere()) {
    if (Date.now() > deadline) {
      throw new CodedError(
        "not_stopped",
        `The Host has not stopped within ${STOP_WITHIN_MS / 1_000} s: end process ${pid} yourself`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  if (output === "json") return printJson({ stopped: "host", pid });
  print(`stopped the Host: process ${pid}`);
}

/** Stops one pod of the running Host; settles when it is gone. */
export async function stopPod(name: string, output: Output): Promise<void> {
  const host = await connectHost();
  const { id } = await servedPodNamed(host, name);
  await host.stopPod(id);
  if (output === "json") return printJson({ stopped: "pod", podId: id, pid: host.pid });
  print(`stopped pod ${id}; its Host goes on: process ${host.pid}`);
}
