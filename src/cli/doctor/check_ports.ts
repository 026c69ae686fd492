import { processEnv } from "../../host/native.ts";
import { runningHost } from "../host_client.ts";
import type { Finding } from "../../pack/mod.ts";
import type { Check } from "./check.ts";

/** Where a Host listens unless told, the first that is free (host.md, "Settings"). */
export const HOST_PORTS: readonly number[] = Array.from(
  { length: 10 },
  (_, index) => 57_447 + index,
);

/** Whether a Host would find a port for its API on loopback. */
export function portsCheck(): Check {
  return {
    name: "ports",
    look: async () => {
      const host = await runningHost();
      const set = Number(processEnv("GEMMAPOD_PORT"));
      const ports = set > 0 ? [set] : HOST_PORTS;
      const taken = ports.filter((port) => port !== host?.port && !isFree(port));
      return [portFinding(ports, taken, host?.port)];
    },
  };
}

/** What it means that some ports are taken. */
export function portFinding(
  ports: readonly number[],
  taken: readonly number[],
  own: number | undefined,
): Finding {
  const [first = 0] = ports;
  const last = ports.at(-1) ?? first;
  const range = first === last ? `port ${first}` : `ports ${first} to ${last}`;
  if (own !== undefined) {
    return { check: "ports", status: "good", found: `the Host has port ${own}` };
  }
  if (taken.length === ports.length) {
    return {
      check: "ports",
      status: "bad",
      found: `${range}: other programs have ${ports.length === 1 ? "it" : "all of them"}`,
      todo: "end one of them, or choose a port with --port or GEMMAPOD_PORT",
    };
  }
  const free = ports.length - taken.length;
  return { check: "ports", status: "good", found: `${range}: ${free} free` };
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
