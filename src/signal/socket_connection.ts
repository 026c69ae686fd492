import { type BrokerMessage, CLOSE_CODE } from "../signaling/mod.ts";
import type { Connection } from "./connection.ts";
import type { Hub } from "./hub.ts";
import { SOCKET_IDLE_S } from "./limits.ts";

/** What a socket of the broker's is served with. */
export interface ServeSocketOptions {
  hub: Hub;
  /** What limits count the client by. */
  address: string;
  /** Bytes that may wait for this client. */
  unsentBytes: number;
  /** The lines that stand: this one is in it until it is closed, as a promise of that. */
  lines: Set<Promise<void>>;
}

/**
 * Turns a request for `/signal` into a socket of the hub's. Lines that died without a word are
 * found by the WebSocket's own ping, which every client answers by itself.
 */
export function serveSocket(request: Request, options: ServeSocketOptions): Response {
  const { hub, address, unsentBytes, lines } = options;
  const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: SOCKET_IDLE_S });
  const connection: Connection = {
    address,
    send(message: BrokerMessage): void {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount <= unsentBytes) return socket.send(JSON.stringify(message));
      connection.close(CLOSE_CODE.LIMIT, "too much waits to be read");
      queueMicrotask(() => hub.leave(member)); // who does not read does not answer a close either
    },
    close(code: number, reason: string): void {
      if (socket.readyState === WebSocket.OPEN) socket.close(code, reason);
    },
  };
  const member = hub.join(connection);
  socket.addEventListener("message", (event) => hub.receive(member, event.data));
  const closed = Promise.withResolvers<void>();
  lines.add(closed.promise);
  socket.addEventListener("close", () => {
    hub.leave(member);
    lines.delete(closed.promise);
    closed.resolve();
  });
  return response;
}
