import type { IceServer } from "../../rtc/mod.ts";
import { askStun, type StunAnswer, type StunServer } from "./ask_stun.ts";
import type { Finding } from "../../pack/mod.ts";
import type { Check } from "./check.ts";

/** Where STUN and TURN listen unless told (RFC 7064 and 7065, section 3). */
const USUAL_PORT = 3478;

/** What helps where addresses are hidden. */
const TURN_ADVICE = "give the Host a TURN server with --ice-servers or GEMMAPOD_ICE_SERVERS";

/**
 * Whether the STUN servers answer, from which visitors outside learn where this machine is. TURN
 * servers answer the same question; those over TCP or TLS alone are not asked.
 */
export function stunCheck(servers: readonly IceServer[] | undefined): Check {
  return {
    name: "stun",
    look: async (signal) => {
      if (servers === undefined) {
        const found = "none is needed: the broker is on this machine";
        return [{ check: "stun", status: "good", found }];
      }
      const asked = udpServers(servers);
      if (asked.length === 0) {
        return [{
          check: "stun",
          status: "warn",
          found:
            "no STUN server is set that is asked over UDP: only visitors of your own network " +
            "may find this machine",
          todo: "set one with --ice-servers or GEMMAPOD_ICE_SERVERS",
        }];
      }
      return stunFindings(await askStun(asked, signal));
    },
  };
}

/** The servers that are asked over UDP, each once. */
export function udpServers(servers: readonly IceServer[]): StunServer[] {
  const urls = servers.flatMap((server) => server.urls);
  const found = urls.flatMap((url) => {
    const [, host, port] = /^(?:stun|turn):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=udp)?$/
      .exec(url) ?? [];
    return host === undefined
      ? []
      : [{ host: host.replace(/^\[|\]$/g, ""), port: Number(port ?? USUAL_PORT) }];
  });
  return [...new Map(found.map((server) => [nameOf(server), server])).values()];
}

/** What the answers mean. */
export function stunFindings(answers: readonly StunAnswer[]): Finding[] {
  const good = answers.flatMap((answer) => "mapped" in answer ? [answer] : []);
  const silent = answers.flatMap((answer) => "why" in answer ? [answer] : []);
  const [first] = good;
  if (first === undefined) {
    const why = silent.map(({ server, why }) => `${nameOf(server)}: ${why}`).join("; ");
    return [{
      check: "stun",
      status: "bad",
      found: `no STUN server can be reached over UDP (${why})`,
      todo: "let UDP out of this network, or set other servers with --ice-servers; " +
        "visitors of your own network are not concerned",
    }];
  }
  const findings: Finding[] = [];
  const addresses = new Set(good.map(({ mapped }) => `${mapped.address}:${mapped.port}`));
  if (addresses.size > 1) {
    findings.push({
      check: "stun",
      status: "warn",
      found: "your network gives this machine another address for everybody it talks to " +
        `(${[...addresses].join(", ")}), so visitors behind such a network cannot reach it`,
      todo: TURN_ADVICE,
    });
  } else {
    findings.push({
      check: "stun",
      status: "good",
      found: `${nameOf(first.server)} answers in ${first.ms} ms and sees ${[...addresses][0]}`,
    });
  }
  for (const { server, why } of silent) {
    findings.push({
      check: "stun",
      status: "warn",
      found: `${nameOf(server)}: ${why}`,
      todo: "the others do; leave this one out with --ice-servers if it stays so",
    });
  }
  return findings;
}

function nameOf({ host, port }: StunServer): string {
  return `${host}:${port}`;
}
