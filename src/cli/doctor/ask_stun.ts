import { createSocket } from "node:dgram";
import { lookup as lookupByCallback } from "node:dns";
import { promisify } from "node:util";
import {
  bindingRequest,
  type MappedAddress,
  newTransactionId,
  readBindingResponse,
} from "./stun.ts";

/** That of `node:dns/promises` has Deno 2.6 warn of a deprecated module before `doctor` says a word. */
const lookup = promisify(lookupByCallback);

/** A server to ask. */
export interface StunServer {
  readonly host: string;
  readonly port: number;
}

/** What came of asking one. */
export type StunAnswer =
  | { readonly server: StunServer; readonly mapped: MappedAddress; readonly ms: number }
  | { readonly server: StunServer; readonly why: string };

/** When it is asked again, in milliseconds from the first: packets get lost (RFC 8489, 6.2.1). */
const ASK_AT_MS = [0, 500, 1_500] as const;

/** How long after the first question an answer may come, in milliseconds. */
const ANSWER_WITHIN_MS = 3_000;

/**
 * Asks STUN servers over UDP, all from one port, so that their answers can be compared. Never
 * rejects; IPv4 alone, which is where addresses are translated.
 */
export async function askStun(
  servers: readonly StunServer[],
  signal: AbortSignal,
): Promise<StunAnswer[]> {
  const socket = createSocket("udp4");
  const waiting = new Map<string, (mapped: MappedAddress) => void>();
  socket.on("message", (packet: Uint8Array) => {
    const read = readBindingResponse(packet);
    if (read !== undefined) waiting.get(read.transactionId)?.(read.mapped);
  });
  socket.on("error", () => {}); // whom it keeps from answering does not answer
  try {
    const { promise: bound, resolve, reject } = Promise.withResolvers<void>();
    socket.once("error", reject);
    socket.bind(0, resolve);
    await bound;
    return await Promise.all(servers.map((server) => askOne(server)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return servers.map((server) => ({ server, why }));
  } finally {
    socket.close();
  }

  async function askOne(server: StunServer): Promise<StunAnswer> {
    let address: string;
    try {
      ({ address } = await lookup(server.host, { family: 4 }));
    } catch {
      return { server, why: "its name is not known here" };
    }
    const id = newTransactionId();
    const { promise, resolve } = Promise.withResolvers<MappedAddress | undefined>();
    waiting.set(id, resolve);
    const asked = performance.now();
    const timers = ASK_AT_MS.map((ms) =>
      setTimeout(() => socket.send(bindingRequest(id), server.port, address, () => {}), ms)
    );
    timers.push(setTimeout(() => resolve(undefined), ANSWER_WITHIN_MS));
    const stop = () => resolve(undefined);
    signal.addEventListener("abort", stop, { once: true });
    try {
      const mapped = await promise;
      if (mapped === undefined) return { server, why: "it does not answer" };
      return { server, mapped, ms: Math.round(performance.now() - asked) };
    } finally {
      waiting.delete(id);
      timers.forEach(clearTimeout);
      signal.removeEventListener("abort", stop);
    }
  }
}
